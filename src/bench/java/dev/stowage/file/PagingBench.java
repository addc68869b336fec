package dev.stowage.file;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * What the first and the last page of a long list cost, in turn, at growing numbers of
 * rows.
 */
class PagingBench {

	private static final Owner ALICE = new Owner("alice");

	private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");

	private static final int[] ROWS = { 1_000, 100_000, 1_000_000 };

	private static final int LIMIT = 100;

	private static final int ROUNDS = 200;

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
		System.out.println("\n| " + name + ": rows | first page, ms (median of " + ROUNDS
				+ ") | last page, ms | last by purpose, ms |\n|---|---|---|---|");
		FileRepository files = database.files();
		int filled = 0;
		for (int rows : ROWS) {
			fill(database, filled, rows);
			filled = rows;
			FileId nearEnd = id(LIMIT + 1);
			FileQuery first = new FileQuery(Optional.empty(), Optional.empty(), LIMIT, true);
			FileQuery last = new FileQuery(Optional.empty(), Optional.of(nearEnd), LIMIT, true);
			FileQuery byPurpose = new FileQuery(Optional.of(Purpose.VISION), Optional.of(nearEnd), LIMIT, true);
			List<Long> firsts = new ArrayList<>();
			List<Long> lasts = new ArrayList<>();
			List<Long> purposes = new ArrayList<>();
			for (int round = 0; round < ROUNDS; round++) {
				firsts.add(time(files, first));
				lasts.add(time(files, last));
				purposes.add(time(files, byPurpose));
			}
			System.out.printf("| %,d | %.2f | %.2f | %.2f |%n", rows, median(firsts), median(lasts), median(purposes));
		}
	}

	private static long time(FileRepository files, FileQuery query) {
		long start = System.nanoTime();
		if (files.list(ALICE, query, NOW).size() < LIMIT) {
			throw new IllegalStateException("Not a full page");
		}
		return System.nanoTime() - start;
	}

	private static double median(List<Long> nanos) {
		return nanos.stream().sorted().skip(nanos.size() / 2).findFirst().orElseThrow() / 1e6;
	}

	private static void fill(TestDatabase database, int from, int to) {
		List<Object[]> rows = new ArrayList<>();
		JdbcTemplate jdbc = new JdbcTemplate(database.dataSource());
		for (int i = from; i < to; i++) {
			rows.add(new Object[] { id(i).value(), ObjectKeys.upload(id(i)).value() });
			if (rows.size() == 50_000 || i == to - 1) {
				new TransactionTemplate(new DataSourceTransactionManager(database.dataSource()))
					.executeWithoutResult((status) -> jdbc.batchUpdate("""
							INSERT INTO file (id, owner, style, status, purpose, filename, bytes, created_at,
								object_key, copies)
							VALUES (?, 'alice', 'MULTIPART', 'AVAILABLE', 'VISION', 'a.png', 1, 0, ?, 0)""", rows));
				rows.clear();
			}
		}
	}

	private static FileId id(int number) {
		return new FileId("file-%030d".formatted(number));
	}

}
