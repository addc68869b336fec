package dev.stowage.startup;

import java.nio.file.Path;

import dev.stowage.storage.StorageProperties;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.DefaultSingletonBeanRegistry;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * Looks at the settings before anything is started: a misspelt one would be silently
 * without effect, a folder that cannot be written would show only as a driver's error,
 * and two servers over one folder would damage each other's files.
 */
class StartupCheck implements ApplicationContextInitializer<ConfigurableApplicationContext> {

	@Override
	public void initialize(ConfigurableApplicationContext context) {
		ConfigurableEnvironment environment = context.getEnvironment();
		SettingNames.requireKnown(environment);
		String database = environment.getProperty("spring.datasource.url", "");
		DatabaseUrl.requireUnderstood(database);
		boolean sqlite = database.startsWith("jdbc:sqlite:");
		String bucket = environment.getProperty("stowage.s3.bucket", "");
		Path folder = Path.of(environment.getProperty("stowage.data-dir", "./data")).toAbsolutePath().normalize();
		if (!sqlite && bucket.isBlank()) {
			throw new InvalidSettingException(
					"The database is a server, but no bucket is named: files would be kept in " + folder
							+ " of this machine alone, and another server over the same database would list what it"
							+ " cannot read.",
					"Set STOWAGE_S3_BUCKET to a bucket that all servers reach, or to " + StorageProperties.S3.EMBEDDED
							+ " if this is the only server.");
		}
		if (sqlite || bucket.equals(StorageProperties.S3.EMBEDDED)) {
			keep(DataFolder.take(folder), context.getBeanFactory());
		}
		if (sqlite) {
			DataFolder.hideDatabase(database);
		}
	}

	/** Until the context is closed, or did not start. */
	private static void keep(DataFolder folder, ConfigurableListableBeanFactory beans) {
		beans.registerSingleton("dataFolder", folder);
		((DefaultSingletonBeanRegistry) beans).registerDisposableBean("dataFolder", folder::close);
	}

}
