package dev.stowage.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

import dev.stowage.storage.s3.NamedEngine;
import dev.stowage.storage.s3.TestStore;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;

import org.springframework.jdbc.core.simple.JdbcClient;

/** The database and the store under a whole server. */
public enum Backing {

	/** SQLite and S3Proxy, as the server brings them along. */
	EMBEDDED {
		@Override
		List<String> settings(Path folder) {
			return List.of();
		}

		@Override
		public Optional<String> databaseUrl(Path folder) {
			return Optional.empty();
		}

		@Override
		public TestStore store(Path folder) {
			return TestStore.embedded(folder);
		}
	},

	/**
	 * PostgreSQL and the engine of {@link NamedEngine}, a database and a bucket for each
	 * folder.
	 */
	DISTRIBUTED {
		@Override
		List<String> settings(Path folder) {
			List<String> settings = new ArrayList<>(NamedEngine.settings(nameFor(folder)));
			databaseUrl(folder).ifPresent((url) -> settings.add("spring.datasource.url=" + url));
			return settings;
		}

		@Override
		public Optional<String> databaseUrl(Path folder) {
			return Optional.of(Postgres.database(nameFor(folder)));
		}

		@Override
		public TestStore store(Path folder) {
			return TestStore.named(nameFor(folder));
		}
	};

	/** Those that can be had here. */
	public static List<Backing> all() {
		return NamedEngine.isThere() ? List.of(values()) : List.of(EMBEDDED);
	}

	private static String nameFor(Path folder) {
		return "stowage-test-" + UUID.nameUUIDFromBytes(folder.toString().getBytes(StandardCharsets.UTF_8));
	}

	/** Makes a copy of a folder's PostgreSQL, to which nobody is connected. */
	static String copyOfDatabase(Path folder) {
		return Postgres.copy(nameFor(folder));
	}

	/** By which a whole server over the folder uses it. */
	abstract List<String> settings(Path folder);

	/** The database of a folder; empty: a file in it. */
	public abstract Optional<String> databaseUrl(Path folder);

	/** The bucket of a folder. */
	public abstract TestStore store(Path folder);

	/** One for all tests, stopped by its own shutdown hook. */
	private static final class Postgres {

		private static final EmbeddedPostgres server = start();

		private static EmbeddedPostgres start() {
			try {
				return EmbeddedPostgres.start();
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

		static String copy(String name) {
			String copy = name + "-copy";
			JdbcClient.create(server.getPostgresDatabase())
				.sql("CREATE DATABASE \"%s\" TEMPLATE \"%s\"".formatted(copy, name))
				.update();
			return server.getJdbcUrl("postgres", copy);
		}

		static String database(String name) {
			JdbcClient jdbc = JdbcClient.create(server.getPostgresDatabase());
			if (jdbc.sql("SELECT 1 FROM pg_database WHERE datname = ?").param(name).query().listOfRows().isEmpty()) {
				jdbc.sql("CREATE DATABASE \"" + name + '"').update();
			}
			return server.getJdbcUrl("postgres", name);
		}

	}

}
