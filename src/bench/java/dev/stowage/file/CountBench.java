package dev.stowage.file;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import dev.stowage.bench.Spread;
import dev.stowage.bench.Table;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What it costs to count the rows by state, as the server does in the background. */
class CountBench {

	private static final int ROWS = 1_000_000;

	private static final int ROUNDS = 10;

	private static final Table table = new Table(CountBench.class, "Counting %,d rows by state".formatted(ROWS),
			"database", "ms");

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

	private static void measure(String name, TestDatabase database) {
		FilledDatabase.fill(database, "alice", 0, ROWS);
		FileCounts counts = new FileCounts(database.jdbc(), new SimpleMeterRegistry());
		List<Double> times = new ArrayList<>();
		for (int round = 0; round < ROUNDS; round++) {
			long start = System.nanoTime();
			counts.count();
			times.add((System.nanoTime() - start) / 1e6);
		}
		table.row(name, Spread.of(times).with(0));
	}

}
