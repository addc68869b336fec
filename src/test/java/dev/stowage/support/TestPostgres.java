package dev.stowage.support;

import java.io.IOException;
import java.io.UncheckedIOException;

import dev.stowage.database.TestDatabase;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;

import org.springframework.jdbc.core.simple.JdbcClient;

/** A real PostgreSQL for all tests of a process, stopped by its own shutdown hook. */
public final class TestPostgres {

	private static final EmbeddedPostgres server = start();

	private TestPostgres() {
	}

	private static EmbeddedPostgres start() {
		try {
			// it would look at each of some hundred databases once a minute
			return EmbeddedPostgres.builder().setServerConfig("autovacuum", "off").start();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** The URL of a database, which is created if it is missing. */
	public static String database(String name) {
		return database(name, "");
	}

	/** The URL of one that has all tables, which is created if it is missing. */
	static String migrated(String name) {
		return database(name, " TEMPLATE \"" + Migrated.NAME + '"');
	}

	/** One that sorts text as people do, which is the same for all tests. */
	public static String sorting() {
		return database("sorting", " TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER icu ICU_LOCALE 'en-US'");
	}

	private static synchronized String database(String name, String options) {
		JdbcClient jdbc = JdbcClient.create(server.getPostgresDatabase());
		if (jdbc.sql("SELECT 1 FROM pg_database WHERE datname = ?").param(name).query().listOfRows().isEmpty()) {
			jdbc.sql("CREATE DATABASE \"" + name + '"' + options).update();
		}
		return server.getJdbcUrl("postgres", name);
	}

	/** Copies a database that has no connections. */
	public static String copy(String name) {
		String copy = name + "-copy";
		JdbcClient.create(server.getPostgresDatabase())
			.sql("CREATE DATABASE \"%s\" TEMPLATE \"%s\"".formatted(copy, name))
			.update();
		return server.getJdbcUrl("postgres", copy);
	}

	/** Copied, because the migrations take longer than most tests. */
	private static final class Migrated {

		private static final String NAME = create();

		private static String create() {
			String name = "migrated";
			TestDatabase.postgres(database(name)).close();
			return name;
		}

	}

}
