package dev.stowage.sweep;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

import dev.stowage.bench.NullStoreProcess;
import dev.stowage.bench.Table;
import dev.stowage.database.TestDatabase;
import dev.stowage.file.BothDatabases;
import dev.stowage.file.FileStatus;
import dev.stowage.storage.ObjectStore;
import dev.stowage.storage.s3.TestStore;
import dev.stowage.support.DueRows;

/**
 * How many files per second the sweeper removes, from a store that takes no time and from
 * one that takes 20 ms per call, with {@code DeleteObjects} and without, compared with a
 * sweeper that claims ten rows and removes one file after the other, like the first
 * version.
 */
class SweepBench extends BothDatabases {

	private static final int FILES = 10_000;

	private static final int FILES_BEFORE = 400;

	@Override
	protected void measure(String name, TestDatabase database) {
		Table table = new Table(SweepBench.class, "Sweeping, " + name, "store", "one by one, files/s",
				"deleted uploads, files/s", "unused grants, files/s", "of 10 owners, files/s");
		for (int delay : new int[] { 0, 20 }) {
			for (boolean many : new boolean[] { true, false }) {
				try (NullStoreProcess process = NullStoreProcess.start(delay, many);
						TestStore store = TestStore.at(process.endpoint(), NullStoreProcess.BUCKET,
								process.credentials())) {
					Rates rates = new Rates(database, store.store());
					rates.warmUp();
					table.row(delay + " ms a call" + (many ? "" : ", one object a call"), rates.oneByOne(),
							rates.deleted(1), rates.granted(), rates.deleted(10));
				}
				catch (Exception ex) {
					throw new IllegalStateException(ex);
				}
			}
		}
	}

	/** Over one database and one store. */
	private record Rates(TestDatabase database, ObjectStore store) {

		private static final Instant DUE = Instant.parse("2026-03-01T10:00:00Z");

		void warmUp() {
			DueRows.deleted(this.database, "alice", FILES_BEFORE, DUE);
			oneByOne();
			deleted(1);
		}

		String oneByOne() {
			DueRows.deleted(this.database, "alice", FILES_BEFORE, DUE);
			SweepRepository rows = new SweepRows(this.database);
			return rate(FILES_BEFORE, () -> {
				Clock clock = Clock.systemUTC();
				List<DueFile> due;
				do {
					Instant until = clock.instant().plus(Duration.ofMinutes(2));
					due = rows.claim(FileStatus.DELETING, List.of("alice"), clock.instant(), until, 10);
					for (DueFile file : due) {
						this.store.deleteUploads(file.key());
						rows.remove(List.of(file.id()), until);
					}
				}
				while (!due.isEmpty());
			});
		}

		String deleted(int owners) {
			for (int owner = 0; owner < owners; owner++) {
				DueRows.deleted(this.database, "owner" + owner, FILES / owners, DUE);
			}
			return rate(FILES, this::sweep);
		}

		String granted() {
			DueRows.granted(this.database, "alice", FILES, DUE);
			return rate(FILES, this::sweep);
		}

		private void sweep() {
			new SweepRows(this.database).sweep(this.store, 1, 0);
		}

		private String rate(int files, Runnable sweep) {
			long start = System.nanoTime();
			sweep.run();
			double seconds = (System.nanoTime() - start) / 1e9;
			if (this.database.rows() > 0) {
				throw new IllegalStateException(this.database.rows() + " rows are left");
			}
			return "%,d".formatted(Math.round(files / seconds));
		}

	}

}
