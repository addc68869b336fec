package dev.stowage.sweep;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import dev.stowage.bench.NullStoreProcess;
import dev.stowage.bench.Scale;
import dev.stowage.bench.Spread;
import dev.stowage.bench.Table;
import dev.stowage.database.TestDatabase;
import dev.stowage.storage.ObjectStore;
import dev.stowage.storage.s3.TestStore;
import dev.stowage.support.DueRows;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.junit.jupiter.api.Test;

/**
 * How many files per second four sweepers remove together, each with connections of its
 * own to one PostgreSQL, beside the sum of what each removes alone. A store that takes
 * long leaves enough of the cores to four.
 */
class SweepersBench {

	private static final Instant DUE = Instant.parse("2026-03-01T10:00:00Z");

	private static final int SWEEPERS = 4;

	private static final int FILES = Scale.QUICK ? 1_000 : 4_000;

	private static final int ROUNDS = 3;

	@Test
	void postgres() throws Exception {
		Table table = new Table(SweepersBench.class, SWEEPERS + " sweepers, PostgreSQL", "store", "files of",
				"each alone, sum, files/s", "together, files/s", "share");
		try (EmbeddedPostgres server = EmbeddedPostgres.start()) {
			List<TestDatabase> databases = new ArrayList<>();
			for (int i = 0; i < SWEEPERS; i++) {
				databases.add(TestDatabase.postgres(server.getJdbcUrl("postgres", "postgres")));
			}
			for (int delay : new int[] { 0, 500 }) {
				try (NullStoreProcess process = NullStoreProcess.start(delay, true);
						TestStore store = TestStore.at(process.endpoint(), NullStoreProcess.BUCKET,
								process.credentials())) {
					for (int owners : new int[] { 1, 10 }) {
						measure(table, databases, store.store(), delay, owners);
					}
				}
			}
			databases.forEach(TestDatabase::close);
		}
	}

	private static void measure(Table table, List<TestDatabase> databases, ObjectStore store, int delay, int owners)
			throws Exception {
		List<Double> alone = new ArrayList<>();
		List<Double> together = new ArrayList<>();
		List<Double> shares = new ArrayList<>();
		// the first round only warms up
		for (int round = 0; round <= ROUNDS; round++) {
			double sum = 0;
			for (TestDatabase database : databases) {
				sum += rate(List.of(database), store, owners);
			}
			double all = rate(databases, store, owners);
			if (round > 0) {
				alone.add(sum);
				together.add(all);
				shares.add(all / sum);
			}
		}
		table.row(delay + " ms a call", (owners == 1) ? "one owner" : owners + " owners", Spread.of(alone).with(0),
				Spread.of(together).with(0), Spread.of(shares).with(2));
	}

	private static double rate(List<TestDatabase> databases, ObjectStore store, int owners) throws Exception {
		int files = FILES * databases.size();
		for (int owner = 0; owner < owners; owner++) {
			DueRows.deleted(databases.getFirst(), "owner" + owner, files / owners, DUE);
		}
		databases.getFirst().jdbc().sql("VACUUM ANALYZE file").update();
		List<Future<?>> sweeps = new ArrayList<>();
		long start = System.nanoTime();
		try (ExecutorService threads = Executors.newFixedThreadPool(databases.size())) {
			for (TestDatabase database : databases) {
				sweeps.add(threads.submit(() -> sweep(database, store)));
			}
			for (Future<?> sweep : sweeps) {
				sweep.get();
			}
		}
		double seconds = (System.nanoTime() - start) / 1e9;
		if (databases.getFirst().rows() > 0) {
			throw new IllegalStateException(databases.getFirst().rows() + " rows are left");
		}
		return files / seconds;
	}

	private static void sweep(TestDatabase database, ObjectStore store) {
		new SweepRows(database).sweep(store, 1, 0);
	}

}
