package dev.stowage.startup;

import java.nio.file.Path;

import dev.stowage.settings.InvalidSettingException;
import dev.stowage.storage.StorageProperties;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.DefaultSingletonBeanRegistry;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * Checks the settings before anything is started. A misspelt setting would silently have
 * no effect, a folder that cannot be written would show only as a driver's error, and two
 * servers on one folder would damage each other's files.
 */
class StartupCheck implements ApplicationContextInitializer<ConfigurableApplicationContext> {

	@Override
	public void initialize(ConfigurableApplicationContext context) {
		ConfigurableEnvironment environment = context.getEnvironment();
		String database = SettingsCheck.requireUnderstood(environment);
		SettingNames.requireValid(environment);
		boolean sqlite = DatabaseUrl.isSqlite(database);
		String bucket = environment.getProperty("stowage.s3.bucket", "");
		Path folder = Path.of(environment.getProperty("stowage.data-dir", "./data")).toAbsolutePath().normalize();
		if (!sqlite && bucket.isBlank()) {
			throw new InvalidSettingException(
					"The database is a server, but no bucket is configured. Files would be stored in " + folder
							+ " on this machine only, and another instance on the same database would list files"
							+ " that it cannot read.",
					"Set STOWAGE_S3_BUCKET to a bucket that all instances can reach, or to "
							+ StorageProperties.S3.EMBEDDED + " if this is the only instance.");
		}
		if (sqlite || bucket.equals(StorageProperties.S3.EMBEDDED)) {
			keep(DataFolder.take(folder), context.getBeanFactory());
		}
		if (sqlite) {
			DataFolder.hideDatabase(database);
		}
	}

	/** Held until the context is closed or has failed to start. */
	private static void keep(DataFolder folder, ConfigurableListableBeanFactory beans) {
		beans.registerSingleton("dataFolder", folder);
		((DefaultSingletonBeanRegistry) beans).registerDisposableBean("dataFolder", folder::close);
	}

}
