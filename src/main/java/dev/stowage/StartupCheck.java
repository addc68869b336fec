package dev.stowage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.util.StringUtils;

/**
 * Looks at the settings before anything is started: a misspelt one would be silently
 * without effect, and a folder that cannot be written would show only as a driver's
 * error.
 */
class StartupCheck implements ApplicationContextInitializer<ConfigurableApplicationContext> {

	@Override
	public void initialize(ConfigurableApplicationContext context) {
		ConfigurableEnvironment environment = context.getEnvironment();
		SettingNames.requireKnown(environment);
		String database = environment.getProperty("spring.datasource.url", "");
		DatabaseUrl.requireUnderstood(database);
		boolean sqlite = database.startsWith("jdbc:sqlite:");
		boolean embeddedStore = !StringUtils.hasText(environment.getProperty("stowage.s3.bucket"));
		if (sqlite || embeddedStore) {
			requireWritable(
					Path.of(environment.getProperty("stowage.data-dir", "./data")).toAbsolutePath().normalize());
		}
	}

	/** The database holds file names, which are nobody else's business. */
	private static FileAttribute<?>[] forUsAlone(Path folder) {
		boolean posix = folder.getFileSystem().supportedFileAttributeViews().contains("posix");
		return posix
				? new FileAttribute<?>[] {
						PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")) }
				: new FileAttribute<?>[0];
	}

	private static void requireWritable(Path folder) {
		try {
			if (!Files.isDirectory(folder)) {
				Files.createDirectories(folder, forUsAlone(folder));
			}
			Files.delete(Files.createTempFile(folder, "writable", ".tmp"));
		}
		catch (IOException ex) {
			throw new InvalidSettingException("The data directory " + folder + " cannot be written (" + ex + ").",
					"Make it writable for this user, or set STOWAGE_DATA_DIR to another.");
		}
	}

}
