package dev.stowage.startup;

import java.nio.file.Files;
import java.nio.file.Path;

import dev.stowage.settings.InvalidSettingException;

import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * Checks the settings for a command, which creates no folder, no database and no lock.
 */
public final class SettingsCheck implements ApplicationContextInitializer<ConfigurableApplicationContext> {

	/** SQLite would create a database that is missing. */
	@Override
	public void initialize(ConfigurableApplicationContext context) {
		DatabaseUrl.sqliteFile(requireUnderstood(context.getEnvironment()))
			.filter(Files::notExists)
			.ifPresent(SettingsCheck::tellMissing);
	}

	private static void tellMissing(Path database) {
		throw new InvalidSettingException("There is no database " + database.normalize() + ".",
				"Set STOWAGE_DATA_DIR or SPRING_DATASOURCE_URL as for the server, or start the server once.");
	}

	/** Refuses misspelt settings, and returns the URL of the database. */
	static String requireUnderstood(ConfigurableEnvironment environment) {
		SettingNames.requireKnown(environment);
		String database = environment.getProperty("spring.datasource.url", "");
		DatabaseUrl.requireUnderstood(database);
		return database;
	}

}
