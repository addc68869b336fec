package dev.stowage.file;

import java.util.ArrayList;
import java.util.List;

import dev.stowage.bench.Spread;
import dev.stowage.bench.Table;
import dev.stowage.database.TestDatabase;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

/** What it costs to count the rows by state, as the server does in the background. */
class CountBench extends BothDatabases {

	private static final int ROWS = 1_000_000;

	private static final int ROUNDS = 10;

	private static final Table table = new Table(CountBench.class, "Counting %,d rows by state".formatted(ROWS),
			"database", "ms");

	@Override
	protected void measure(String name, TestDatabase database) {
		FilledDatabase.fill(database, "'alice'", 0, ROWS);
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
