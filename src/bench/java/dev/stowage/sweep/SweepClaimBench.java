package dev.stowage.sweep;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import dev.stowage.bench.Spread;
import dev.stowage.bench.Table;
import dev.stowage.database.TestDatabase;
import dev.stowage.file.BothDatabases;
import dev.stowage.file.FileStatus;
import dev.stowage.support.DueRows;
import dev.stowage.sweep.DueFiles;
import dev.stowage.sweep.SweepRepository;
import dev.stowage.sweep.SweepRows;

/** What it costs to find and claim a batch of 500 rows, by how many are due. */
class SweepClaimBench extends BothDatabases {

	private static final Instant DUE = Instant.parse("2026-03-01T10:00:00Z");

	private static final Instant NOW = DUE.plusSeconds(60);

	private static final int[] ROWS = { 10_000, 1_000_000 };

	private static final int OWNERS = 100;

	private static final int ROUNDS = 20;

	@Override
	protected void measure(String name, TestDatabase database) {
		Table table = new Table(SweepClaimBench.class,
				"Claiming 500 of those due, " + name + ", " + OWNERS + " owners and one with half of all", "rows due",
				"owners, ms", "batch, ms", "check of the share, ms");
		int filled = 0;
		for (int rows : ROWS) {
			DueRows.deleted(database, "alice", (rows - filled) / 2, DUE);
			for (int owner = 0; owner < OWNERS; owner++) {
				DueRows.expired(database, "owner" + owner, (rows - filled) / 2 / OWNERS, DUE);
			}
			filled = rows;
			database.jdbc().sql("ANALYZE").update();
			SweepRepository sweeping = new SweepRows(database);
			DueFiles due = new DueFiles(sweeping);
			Instant until = NOW.plus(Duration.ofMinutes(2));
			table.row("%,d".formatted(rows), time(() -> sweeping.ownersDue(FileStatus.AVAILABLE, "", NOW, OWNERS)),
					time(() -> due.claim(true, NOW, until, 500)), time(() -> {
						sweeping.areDue(1001, NOW);
						sweeping.expired(NOW);
						sweeping.available();
					}));
		}
	}

	private static String time(Runnable call) {
		List<Double> times = new ArrayList<>();
		for (int round = 0; round < ROUNDS; round++) {
			long start = System.nanoTime();
			call.run();
			times.add((System.nanoTime() - start) / 1e6);
		}
		return Spread.of(times).with(1);
	}

}
