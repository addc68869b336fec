package dev.stowage.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

import dev.stowage.database.TestDatabase;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;

import org.springframework.jdbc.core.simple.JdbcClient;

/** A real PostgreSQL for all tests of a process, stopped by its own shutdown hook. */
public final class TestPostgres {

	private static final EmbeddedPostgres server = start();

	/** The database behind each name of one with all tables. */
	private static final Map<String, String> inUse = new ConcurrentHashMap<>();

	private static final Queue<String> free = new ConcurrentLinkedQueue<>();

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
		String known = inUse.computeIfAbsent(name, (missing) -> Optional.ofNullable(free.poll()).orElse(missing));
		return database(known, " TEMPLATE \"" + Migrated.NAME + '"');
	}

	/**
	 * Empties one that has all tables, for the next test. Each that is created costs a
	 * hundred files, which are deleted at the end.
	 */
	static void giveBack(String name) {
		String known = inUse.remove(name);
		if (known != null) {
			Migrated.empty(JdbcClient.create(server.getDatabase("postgres", known)));
			free.add(known);
		}
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
			.sql("CREATE DATABASE \"%s\" TEMPLATE \"%s\"".formatted(copy, inUse.getOrDefault(name, name)))
			.update();
		return server.getJdbcUrl("postgres", copy);
	}

	/** Copied, because the migrations take longer than most tests. */
	private static final class Migrated {

		private static final String NAME = create();

		/** Its tables, each with the rows that the migrations wrote, as JSON. */
		private static final Map<String, String> ROWS = rows();

		private static String create() {
			String name = "migrated";
			TestDatabase.postgres(database(name)).close();
			return name;
		}

		private static Map<String, String> rows() {
			JdbcClient jdbc = JdbcClient.create(server.getDatabase("postgres", NAME));
			Map<String, String> rows = new TreeMap<>();
			for (String table : jdbc.sql("""
					SELECT tablename FROM pg_tables
					WHERE schemaname = 'public' AND tablename <> 'flyway_schema_history'""")
				.query(String.class)
				.list()) {
				rows.put(table,
						jdbc.sql("SELECT coalesce(json_agg(t), '[]')::text FROM \"%s\" t".formatted(table))
							.query(String.class)
							.single());
			}
			return rows;
		}

		private static void empty(JdbcClient jdbc) {
			jdbc.sql("TRUNCATE \"" + String.join("\", \"", ROWS.keySet()) + '"').update();
			ROWS.entrySet()
				.stream()
				.filter((table) -> !table.getValue().equals("[]"))
				.forEach((table) -> jdbc
					.sql("INSERT INTO \"%1$s\" SELECT * FROM json_populate_recordset(NULL::\"%1$s\", ?::json)"
						.formatted(table.getKey()))
					.param(table.getValue())
					.update());
			jdbc.sql("""
					SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false)
					FROM pg_sequences""").query(Long.class).list();
		}

	}

}
