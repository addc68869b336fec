package dev.stowage.startup;

import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.regex.Pattern;

/** Where the database is. It may hold a password, so nothing may repeat it. */
final class DatabaseUrl {

	/** The driver would take it for a part of the host, and print it. */
	private static final Pattern WITH_USER_BEFORE_HOST = Pattern.compile("jdbc:postgresql:[^?]*@.*");

	private DatabaseUrl() {
	}

	/**
	 * Refuses one that drivers and frameworks would repeat, or explain by their insides.
	 */
	static void requireUnderstood(String url) {
		if (WITH_USER_BEFORE_HOST.matcher(url).matches() || !hasDriver(url)) {
			throw new InvalidSettingException("spring.datasource.url is not the URL of a database as JDBC writes it.",
					"Set SPRING_DATASOURCE_URL to jdbc:postgresql://host:port/database, and the user to"
							+ " SPRING_DATASOURCE_USERNAME and SPRING_DATASOURCE_PASSWORD.");
		}
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
