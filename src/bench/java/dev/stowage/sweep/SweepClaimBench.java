package dev.stowage.sweep;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import dev.stowage.bench.Spread;
import dev.stowage.bench.Table;
import dev.stowage.database.TestDatabase;
import dev.stowage.file.BothDatabases;
import dev.stowage.file.FileStatus;
import dev.stowage.file.FilledDatabase;
import dev.stowage.support.DueRows;
import dev.stowage.sweep.DueFiles;
import dev.stowage.sweep.SweepRepository;
import dev.stowage.sweep.SweepRows;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What it costs to find and claim a batch of 500 rows, by how many are due. */
class SweepClaimBench extends BothDatabases {

	private static final Instant DUE = Instant.parse("2026-03-01T10:00:00Z");

	private static final Instant NOW = DUE.plusSeconds(60);

	private static final int[] ROWS = { 10_000, 1_000_000 };

	private static final int OWNERS = 100;

	private static final int[] MANY_OWNERS = { 1_000, 300_000 };

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
			ShareRepository share = new ShareRepository(database.jdbc());
			DueFiles due = new DueFiles(sweeping);
			Instant until = NOW.plus(Duration.ofMinutes(2));
			table.row("%,d".formatted(rows), time(() -> sweeping.ownersDue(FileStatus.AVAILABLE, "", NOW, OWNERS)),
					time(() -> due.claim(true, NOW, until, 500)), time(() -> {
						share.areDue(1001, NOW);
						share.available(2 * share.expired(NOW) + 1);
					}));
		}
	}

	/**
	 * Few rows are due, or many of one owner, and many owners have files that will be.
	 */
	@Test
	void sqliteWithManyOwners(@TempDir Path other) {
		try (TestDatabase database = TestDatabase.sqlite(other)) {
			measureOwners("SQLite", database);
		}
	}

	@Test
	void postgresWithManyOwners() throws IOException {
		try (EmbeddedPostgres server = EmbeddedPostgres.start();
				TestDatabase database = TestDatabase.postgres(server.getJdbcUrl("postgres", "postgres"))) {
			measureOwners("PostgreSQL", database);
		}
	}

	private static void measureOwners(String name, TestDatabase database) {
		Table table = new Table(SweepClaimBench.class, "Looking for owners, " + name, "owners that have files",
				"nothing due, ms", "100 files due, ms", "a batch of 500 of one owner's many, ms");
		SweepRepository sweeping = new SweepRows(database);
		Instant until = NOW.plus(Duration.ofMinutes(2));
		int filled = 0;
		for (int owners : MANY_OWNERS) {
			// half of the files have an expiry
			FilledDatabase.fill(database, "'owner' || n", filled, 2 * owners);
			filled = 2 * owners;
			String nothing = time(() -> new DueFiles(sweeping).claim(true, NOW, until, 500));
			DueRows.expired(database, "zoe", 100, NOW);
			String few = time(() -> sweeping.ownersOfFew(FileStatus.AVAILABLE, NOW));
			DueRows.expired(database, "zoe", 20_000, NOW);
			String many = time(() -> new DueFiles(sweeping).claim(true, NOW, until, 500));
			database.jdbc().sql("DELETE FROM file WHERE owner = 'zoe'").update();
			table.row("%,d".formatted(owners), nothing, few, many);
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
