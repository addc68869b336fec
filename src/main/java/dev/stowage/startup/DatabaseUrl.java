package dev.stowage.startup;

import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Optional;
import java.util.regex.Pattern;

import dev.stowage.settings.InvalidSettingException;

/** Where the database is. The URL may hold a password, so no message may repeat it. */
final class DatabaseUrl {

	/** The driver would read it as a part of the host, and print it. */
	private static final Pattern WITH_USER_BEFORE_HOST = Pattern.compile("jdbc:postgresql:[^?]*@.*");

	/** It ends the transaction after each of several statements of one message. */
	private static final Pattern WITH_SIMPLE_PROTOCOL = Pattern.compile(".*[?&]preferQueryMode=simple(&.*)?");

	private DatabaseUrl() {
	}

	/**
	 * Refuses a URL that drivers and frameworks would repeat in messages, or report with
	 * internal details.
	 */
	static void requireUnderstood(String url) {
		if (WITH_USER_BEFORE_HOST.matcher(url).matches() || !hasDriver(url)) {
			throw new InvalidSettingException("spring.datasource.url is not a JDBC URL of a supported form.",
					"Set SPRING_DATASOURCE_URL to jdbc:postgresql://host:port/database, and set the user in"
							+ " SPRING_DATASOURCE_USERNAME and SPRING_DATASOURCE_PASSWORD.");
		}
		if (WITH_SIMPLE_PROTOCOL.matcher(url).matches()) {
			throw new InvalidSettingException(
					"spring.datasource.url has preferQueryMode=simple,"
							+ " by which statements would not take effect together.",
					"Remove it from SPRING_DATASOURCE_URL. For a pooler that knows no prepared statements, set"
							+ " prepareThreshold=0 instead.");
		}
	}

	/** The file of an SQLite database; empty for any other, and if it is in memory. */
	static Optional<Path> sqliteFile(String url) {
		if (!isSqlite(url)) {
			return Optional.empty();
		}
		String name = url.replaceFirst("^jdbc:sqlite:", "").replaceFirst("\\?.*", "");
		return (name.isEmpty() || name.startsWith(":") || name.startsWith("file:")) ? Optional.empty()
				: Optional.of(Path.of(name).toAbsolutePath());
	}

	static boolean isSqlite(String url) {
		return url.startsWith("jdbc:sqlite:");
	}

	private static boolean hasDriver(String url) {
		try {
			DriverManager.getDriver(url);
			return true;
		}
		catch (SQLException ex) {
			return false;
		}
	}

}
