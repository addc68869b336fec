package dev.stowage.file;

import java.nio.file.Path;
import java.util.List;

import dev.stowage.database.TestDatabase;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/**
 * Databases with as many rows of finished files as a benchmark asks for. They are written
 * by few statements, while the table has no triggers and no indexes but the one of its
 * primary key. Indexes and counters follow at the end.
 */
public final class FilledDatabase {

	/** As many at a time as this, because SQLite's log holds what is not committed. */
	private static final int BATCH = 1_000_000;

	/** A position that nothing else has, and an expiry that half of the files have. */
	private static final String FILL = """
			INSERT INTO file (id, owner, style, status, purpose, filename, content_type, bytes, crc32c, created_at,
				expires_at, sweep_at, object_key, copies, position)
			SELECT id, owner, 'MULTIPART', 'AVAILABLE', CASE WHEN n %% 3 = 0 THEN 'EVALS' ELSE 'VISION' END,
				'report-' || n || '.pdf', 'application/pdf', 4096, n, 1700000000 + n / 100,
				CASE WHEN n %% 4 < 2 THEN 4000000000 + n END, CASE WHEN n %% 4 < 2 THEN 4000000000 + n END,
				'files/' || id, 0, n + 1
			FROM (SELECT n, %s AS id, %s AS owner FROM (%s) AS numbers) AS named""";

	private FilledDatabase() {
	}

	/** Makes the SQLite file of a server over the folder, with files of one owner. */
	public static void sqlite(Path folder, String owner, int rows) {
		try (TestDatabase database = TestDatabase.sqlite(folder)) {
			fill(database, "'" + owner + "'", 0, rows);
		}
	}

	/**
	 * Adds files.
	 * @param owner of the {@code n}-th file, in SQL
	 * @param from the number of the first, which is the number of rows in the table
	 * @param to the number after the last
	 */
	public static void fill(TestDatabase database, String owner, int from, int to) {
		// a connection without the pool's limits of time
		SingleConnectionDataSource connection = new SingleConnectionDataSource(database.dataSource().getJdbcUrl(),
				true);
		try (connection) {
			JdbcClient jdbc = JdbcClient.create(connection);
			if (database.changes().areShared()) {
				jdbc.sql("SET session_replication_role = replica").update();
				jdbc.sql("SET maintenance_work_mem = '1GB'").update();
				fill(jdbc, "SELECT indexdef FROM pg_indexes WHERE tablename = 'file'", FILL
					.formatted("'file-' || lpad(n::text, 30, '0')", owner, "SELECT generate_series(:from, :to) AS n"),
						from, to);
				jdbc.sql("SELECT setval('file_position', :to)").param("to", to).query(Long.class).single();
				jdbc.sql("VACUUM ANALYZE").update();
			}
			else {
				// for sorting
				jdbc.sql("PRAGMA cache_size = -500000").update();
				fill(jdbc,
						"SELECT sql FROM sqlite_master WHERE tbl_name = 'file' AND (type = 'index' AND sql IS NOT NULL"
								+ " OR name = 'file_counts_new') ORDER BY type",
						FILL.formatted("printf('file-%030d', n)", owner,
								"WITH RECURSIVE r (n) AS (VALUES (:from) UNION ALL SELECT n + 1 FROM r WHERE n < :to)"
										+ " SELECT n FROM r"),
						from, to);
				jdbc.sql("UPDATE last_position SET position = :to").param("to", to).update();
				jdbc.sql("ANALYZE").update();
			}
		}
	}

	private static void fill(JdbcClient jdbc, String kept, String insert, int from, int to) {
		List<String> all = jdbc.sql(kept).query((row, number) -> row.getString(1)).list();
		for (String one : all) {
			String[] words = one.replace("UNIQUE ", "").split(" ", 4);
			jdbc.sql("DROP " + words[1] + " " + words[2]).update();
		}
		for (int first = from; first < to; first += BATCH) {
			jdbc.sql(insert).param("from", first).param("to", Math.min(to, first + BATCH) - 1).update();
		}
		all.forEach((one) -> jdbc.sql(one).update());
		jdbc.sql("DELETE FROM owner_usage").update();
		jdbc.sql(
				"INSERT INTO owner_usage (owner, files, bytes) SELECT owner, count(*), sum(bytes) FROM file GROUP BY owner")
			.update();
	}

	/** The id of a file by its number. Ids are in the order of their numbers. */
	public static FileId id(int number) {
		return new FileId("file-%030d".formatted(number));
	}

}
