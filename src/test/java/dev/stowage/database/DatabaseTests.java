package dev.stowage.database;

import java.nio.file.Path;

import dev.stowage.support.TestPostgres;
import dev.stowage.support.Together;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** How the databases are configured. */
class DatabaseTests {

	@TempDir
	private Path folder;

	@Test
	void writesAheadAndWaitsForItsTurnInSqlite() {
		try (TestDatabase database = TestDatabase.sqlite(this.folder)) {
			assertThat(database.jdbc().sql("PRAGMA journal_mode").query(String.class).single()).isEqualTo("wal");
			assertThat(database.jdbc().sql("PRAGMA synchronous").query(Integer.class).single()).isEqualTo(2);
			assertThat(database.jdbc().sql("PRAGMA busy_timeout").query(Integer.class).single()).isEqualTo(10_000);
		}
	}

	@Test
	void isMigratedOnceByManyWhoStartAtOnceInPostgres() throws Exception {
		String url = TestPostgres.database("migrated-once");
		for (TestDatabase same : Together.run(8, () -> TestDatabase.postgres(url))) {
			assertThat(same.rows()).isZero();
			assertThat(same.jdbc().sql("SELECT version FROM flyway_schema_history").query(String.class).list())
				.doesNotHaveDuplicates()
				.contains("5");
			same.close();
		}
	}

	@Test
	void wouldSortTextOtherwiseThanByItsBytesInPostgres() {
		try (TestDatabase database = TestDatabase.postgres(TestPostgres.sorting())) {
			assertThat(database.jdbc().sql("SELECT 'a' < 'B'").query(Boolean.class).single()).isTrue();
			assertThat(database.jdbc().sql("SELECT 'a' < 'B' COLLATE \"C\"").query(Boolean.class).single()).isFalse();
		}
	}

}
