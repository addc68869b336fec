package dev.stowage.file;

import java.io.IOException;
import java.nio.file.Path;

import dev.stowage.database.TestDatabase;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Measures the same on each database, which is empty. */
public abstract class BothDatabases {

	@TempDir
	private Path folder;

	@Test
	void sqlite() {
		try (TestDatabase database = TestDatabase.sqlite(this.folder)) {
			measure("SQLite", database);
		}
	}

	@Test
	void postgres() throws IOException {
		try (EmbeddedPostgres server = EmbeddedPostgres.start();
				TestDatabase database = TestDatabase.postgres(server.getJdbcUrl("postgres", "postgres"))) {
			measure("PostgreSQL", database);
		}
	}

	protected abstract void measure(String name, TestDatabase database);

}
