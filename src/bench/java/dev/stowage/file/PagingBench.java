package dev.stowage.file;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import dev.stowage.bench.Spread;
import dev.stowage.bench.Table;
import dev.stowage.database.TestDatabase;
import dev.stowage.owner.Owner;

/**
 * What the first and the last page of a long list cost, in turn, at growing numbers of
 * rows.
 */
class PagingBench extends BothDatabases {

	private static final Owner ALICE = new Owner("alice");

	private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");

	private static final int[] ROWS = { 1_000, 100_000, 1_000_000 };

	private static final int LIMIT = 100;

	private static final int ROUNDS = 200;

	@Override
	protected void measure(String name, TestDatabase database) {
		Table table = new Table(PagingBench.class,
				"Paging, " + name + ", pages of " + LIMIT + ", " + ROUNDS + " rounds", "rows", "first page, ms",
				"last page, ms", "last by purpose, ms");
		FileRows files = new FileRows(database);
		int filled = 0;
		for (int rows : ROWS) {
			FilledDatabase.fill(database, "'alice'", filled, rows);
			filled = rows;
			FileId nearEnd = FilledDatabase.id(2 * LIMIT);
			FileQuery first = new FileQuery(Optional.empty(), Optional.empty(), LIMIT, true);
			FileQuery last = new FileQuery(Optional.empty(), Optional.of(nearEnd), LIMIT, true);
			FileQuery byPurpose = new FileQuery(Optional.of(Purpose.VISION), Optional.of(nearEnd), LIMIT, true);
			List<Double> firsts = new ArrayList<>();
			List<Double> lasts = new ArrayList<>();
			List<Double> purposes = new ArrayList<>();
			for (int round = 0; round < ROUNDS; round++) {
				firsts.add(time(files, first));
				lasts.add(time(files, last));
				purposes.add(time(files, byPurpose));
			}
			table.row("%,d".formatted(rows), Spread.of(firsts).with(2), Spread.of(lasts).with(2),
					Spread.of(purposes).with(2));
		}
	}

	private static double time(FileRows files, FileQuery query) {
		long start = System.nanoTime();
		if (files.list(ALICE, query, NOW).size() < LIMIT) {
			throw new IllegalStateException("Not a full page");
		}
		return (System.nanoTime() - start) / 1e6;
	}

}
