package dev.stowage.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.PrimitiveIterator;
import java.util.Random;

import dev.stowage.database.TestDatabase;
import dev.stowage.file.FileId;
import dev.stowage.file.FileName;
import dev.stowage.file.FileQuery;
import dev.stowage.file.FileStatus;
import dev.stowage.file.FilledDatabase;
import dev.stowage.file.ObjectKeys;
import dev.stowage.file.Purpose;
import dev.stowage.file.StoredFile;
import dev.stowage.file.UploadMethod;
import dev.stowage.owner.Owner;
import dev.stowage.storage.Checksum;
import dev.stowage.storage.ObjectStore;
import dev.stowage.storage.s3.TestStore;
import dev.stowage.support.Rows;
import dev.stowage.sweep.SweepRows;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.util.FileSystemUtils;

/**
 * What each operation on rows costs beside few rows and beside very many, in turn. One
 * owner has half of all files, and 100 others have the rest.
 */
class RowsBench {

	private static final String OWNER = "CASE WHEN n % 2 = 0 THEN 'big' ELSE 'owner' || (n / 2 % 100) END";

	private static final Owner BIG = new Owner("big");

	private static final int LIMIT = 100;

	/** After this many rounds, what they deleted is swept. */
	private static final int SWEPT = 100;

	/** More than are swept without a look at their share. */
	private static final int EXPIRED = 1_100;

	private static final int EXPIRY_ROUNDS = 3;

	@TempDir
	private Path folder;

	@Test
	void sqlite() throws Exception {
		Path few = Files.createDirectory(this.folder.resolve("few"));
		Path many = Files.createDirectory(this.folder.resolve("many"));
		try (Side small = new Side(TestDatabase.sqlite(few), Scale.FEW_ROWS);
				Side large = new Side(TestDatabase.sqlite(many), Scale.MANY_ROWS)) {
			measure("SQLite", small, large);
		}
		FileSystemUtils.deleteRecursively(many);
	}

	/**
	 * With a fourth of the memory of a server of 8 GiB, and without waiting for a disk.
	 */
	@Test
	void postgres() throws Exception {
		try (EmbeddedPostgres server = EmbeddedPostgres.builder()
			.setServerConfig("shared_buffers", "2GB")
			.setServerConfig("max_wal_size", "4GB")
			// indexes are built without a log
			.setServerConfig("wal_level", "minimal")
			.setServerConfig("max_wal_senders", "0")
			.start()) {
			JdbcClient.create(server.getPostgresDatabase()).sql("CREATE DATABASE few").update();
			try (Side small = new Side(TestDatabase.postgres(server.getJdbcUrl("postgres", "few")), Scale.FEW_ROWS);
					Side large = new Side(TestDatabase.postgres(server.getJdbcUrl("postgres", "postgres")),
							Scale.MANY_ROWS)) {
				measure("PostgreSQL", small, large);
			}
		}
	}

	private static void measure(String name, Side small, Side large) throws Exception {
		String bytes = name.equals("SQLite")
				? "SELECT name, sum(pgsize) AS bytes FROM dbstat WHERE name LIKE '%file%' GROUP BY name"
				: "SELECT relname AS name, pg_table_size(oid) AS bytes FROM pg_class WHERE relname LIKE 'file%'"
						+ " AND relkind IN ('r', 'i')";
		Table sizes = new Table(RowsBench.class,
				"%s, %,d rows, filled in %.0f s".formatted(name, Scale.MANY_ROWS, large.filledIn), "table or index",
				"bytes a row");
		large.database.jdbc()
			.sql(bytes)
			.query((row, number) -> List.of(row.getString("name"),
					"%.0f".formatted(row.getLong("bytes") / (double) Scale.MANY_ROWS)))
			.list()
			.forEach((row) -> sizes.row(row.toArray()));
		try (NullStoreProcess process = NullStoreProcess.start(0, true);
				TestStore store = TestStore.at(process.endpoint(), NullStoreProcess.BUCKET, process.credentials())) {
			for (int round = 0; round < Scale.ROW_ROUNDS / 10; round++) {
				small.round(store.store(), round);
				large.round(store.store(), round);
			}
			small.times.clear();
			large.times.clear();
			for (int round = 0; round < Scale.ROW_ROUNDS; round++) {
				small.round(store.store(), round);
				large.round(store.store(), round);
			}
			for (int round = 0; round < EXPIRY_ROUNDS; round++) {
				small.expire(store.store());
				large.expire(store.store());
			}
		}
		Table table = new Table(RowsBench.class, name + ", " + Scale.ROW_ROUNDS + " rounds in turn", "operation",
				"%,d rows, ms".formatted(Scale.FEW_ROWS), "%,d rows, ms".formatted(Scale.MANY_ROWS), "ratio",
				"ratio of the fastest tenth");
		small.times.forEach((operation, times) -> {
			Spread few = Spread.of(times);
			List<Double> largeTimes = large.times.getOrDefault(operation, List.of());
			Spread many = Spread.of(largeTimes);
			table.row(operation, few.with(2), many.with(2), "%.2f".formatted(many.median() / few.median()),
					"%.2f".formatted(tenth(largeTimes) / tenth(times)));
		});
	}

	/** What other work of the machine affects least. */
	private static double tenth(List<Double> times) {
		return times.stream().sorted().skip(times.size() / 10).findFirst().orElseThrow();
	}

	/** A filled database, and what its operations took. */
	private static final class Side implements AutoCloseable {

		private final TestDatabase database;

		private final Rows rows;

		private final double filledIn;

		/** Of files that end. */
		private final PrimitiveIterator.OfInt ending;

		/** Of files that stay. */
		private final PrimitiveIterator.OfInt staying;

		private final Map<String, List<Double>> times = new LinkedHashMap<>();

		private Side(TestDatabase database, int count) {
			this.database = database;
			this.rows = new Rows(database);
			long start = System.nanoTime();
			FilledDatabase.fill(database, OWNER, 0, count);
			this.filledIn = (System.nanoTime() - start) / 1e9;
			// not the first ones, so that the last pages stay full
			this.ending = new Random(1).ints(6 * LIMIT, count).filter((n) -> n % 5 > 0).distinct().iterator();
			this.staying = new Random(2).ints(6 * LIMIT, count).filter((n) -> n % 5 == 0).iterator();
		}

		private void round(ObjectStore store, int round) {
			Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
			time("list, first page", () -> list(Optional.empty(), Optional.empty(), now));
			time("list, last page", () -> list(Optional.empty(), Optional.of(FilledDatabase.id(2 * LIMIT)), now));
			time("list by purpose, first page", () -> list(Optional.of(Purpose.EVALS), Optional.empty(), now));
			time("list by purpose, last page",
					() -> list(Optional.of(Purpose.EVALS), Optional.of(FilledDatabase.id(6 * LIMIT)), now));
			int read = this.staying.nextInt();
			time("get", () -> get(read, now));
			// tells what is not in memory from what is far away
			time("get, the same file again", () -> get(read, now));
			upload(now);
			grant(now, round);
			int deleted = this.ending.nextInt();
			time("delete", () -> delete(deleted, now));
			int known = this.ending.nextInt();
			get(known, now);
			time("delete, of a file that was just read", () -> delete(known, now));
			if (round % SWEPT == SWEPT - 1) {
				time("sweep, " + 2 * SWEPT + " deleted files", () -> sweep(store));
				time("sweep, nothing due", () -> sweep(store));
			}
		}

		private void get(int number, Instant now) {
			require(this.rows.files().find(owner(number), FilledDatabase.id(number), now).isPresent());
		}

		private void delete(int number, Instant now) {
			require(this.rows.files().delete(owner(number), FilledDatabase.id(number), now));
		}

		private void list(Optional<Purpose> purpose, Optional<FileId> after, Instant now) {
			require(this.rows.files()
				.page(BIG, new FileQuery(purpose, after, LIMIT, true), now)
				.files()
				.size() == LIMIT);
		}

		private void upload(Instant now) {
			FileId id = FileId.createdAt(Instant.now());
			time("start", () -> this.rows.uploads()
				.addMultipart(id, BIG, now, ObjectKeys.upload(id), now.plus(Duration.ofDays(1))));
			StoredFile file = new StoredFile(id, BIG, UploadMethod.MULTIPART, FileStatus.AVAILABLE, Purpose.VISION,
					FileName.NONE, "text/plain", 7, now, Optional.empty(), ObjectKeys.upload(id), OptionalLong.of(9));
			time("complete", () -> require(this.rows.uploads().completeMultipart(file)));
		}

		private void grant(Instant now, int slot) {
			FileId id = FileId.createdAt(Instant.now());
			Instant later = now.plus(Duration.ofDays(1));
			StoredFile file = new StoredFile(id, BIG, UploadMethod.PRESIGNED, FileStatus.PENDING, Purpose.VISION,
					FileName.NONE, "text/plain", 0, now, Optional.empty(), ObjectKeys.staging(id),
					OptionalLong.empty());
			time("start, pre-signed", () -> require(this.rows.uploads().addPresigned(file, later, slot)));
			time("complete, pre-signed", () -> {
				require(this.rows.pending().claim(id, "etag", now, later, later));
				int copy = this.rows.pending().nameCopy(id, later).orElseThrow();
				require(this.rows.pending().complete(id, new Checksum(7, 9), ObjectKeys.copy(id, copy), later));
			});
		}

		/** As many as are compared with all files. */
		private void expire(ObjectStore store) {
			List<String> ids = new ArrayList<>();
			while (ids.size() < EXPIRED) {
				ids.add(FilledDatabase.id(this.ending.nextInt()).value());
			}
			this.database.jdbc()
				.sql("UPDATE file SET expires_at = 1, sweep_at = 1 WHERE id IN (:ids) AND status = 'AVAILABLE'")
				.param("ids", ids)
				.update();
			time("sweep, " + EXPIRED + " expired files", () -> sweep(store));
		}

		private void sweep(ObjectStore store) {
			new SweepRows(this.database).sweep(store, 0.5, 1_000);
			require(this.database.jdbc()
				.sql("SELECT id FROM file WHERE sweep_at <= :now LIMIT 1")
				.param("now", Instant.now().getEpochSecond())
				.query(String.class)
				.optional()
				.isEmpty());
		}

		private static Owner owner(int number) {
			return (number % 2 == 0) ? BIG : new Owner("owner" + number / 2 % 100);
		}

		private void time(String operation, Runnable call) {
			long start = System.nanoTime();
			call.run();
			this.times.computeIfAbsent(operation, (any) -> new ArrayList<>()).add((System.nanoTime() - start) / 1e6);
		}

		private static void require(boolean condition) {
			if (!condition) {
				throw new IllegalStateException("An operation had another result");
			}
		}

		@Override
		public void close() {
			this.database.close();
		}

	}

}
