package dev.stowage.support;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

import dev.stowage.storage.s3.NamedEngine;
import dev.stowage.storage.s3.TestStore;

/** The database and the store under a whole server. */
public enum Backing {

	/** SQLite and S3Proxy, as the server includes them. */
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
			migratedDatabaseUrl(folder).ifPresent((url) -> settings.add("spring.datasource.url=" + url));
			return settings;
		}

		@Override
		public Optional<String> databaseUrl(Path folder) {
			return Optional.of(TestPostgres.database(nameFor(folder)));
		}

		@Override
		public TestStore store(Path folder) {
			return TestStore.named(nameFor(folder));
		}
	};

	/** Those that are available here. */
	public static List<Backing> all() {
		return NamedEngine.isThere() ? List.of(values()) : List.of(EMBEDDED);
	}

	private static String nameFor(Path folder) {
		return "stowage-test-" + UUID.nameUUIDFromBytes(folder.toString().getBytes(StandardCharsets.UTF_8));
	}

	/** Makes a copy of a folder's PostgreSQL, to which nobody is connected. */
	static String copyOfDatabase(Path folder) {
		return TestPostgres.copy(nameFor(folder));
	}

	/** The settings by which a whole server on the folder uses it. */
	abstract List<String> settings(Path folder);

	/** The database of a folder; empty: a file in it. */
	public abstract Optional<String> databaseUrl(Path folder);

	/** The same, with all tables. */
	public Optional<String> migratedDatabaseUrl(Path folder) {
		return (this == DISTRIBUTED) ? Optional.of(TestPostgres.migrated(nameFor(folder))) : Optional.empty();
	}

	/**
	 * Empties the database of a folder that has all tables, which nobody needs any more.
	 */
	static void giveBack(Path folder) {
		TestPostgres.giveBack(nameFor(folder));
	}

	/** The bucket of a folder. */
	public abstract TestStore store(Path folder);

}
