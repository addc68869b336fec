package dev.stowage.check;

import java.util.List;

import dev.stowage.database.Changes;

import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * What is counted for owners beside what their rows say. Every method throws Spring's
 * {@code DataAccessException} when the database fails.
 */
class UsageRepository {

	/** Both at one moment, so a change in progress is no difference. */
	private static final String DIFFERENCES = """
			SELECT owner, sum(files) AS files, sum(bytes) AS bytes, sum(counted_files) AS counted_files,
				sum(counted_bytes) AS counted_bytes
			FROM (
				SELECT owner, 1 AS files,
					CASE status WHEN 'AVAILABLE' THEN bytes ELSE coalesce(declared_bytes, 0) END AS bytes,
					0 AS counted_files, 0 AS counted_bytes
				FROM file WHERE status IN ('PENDING', 'AVAILABLE')
				UNION ALL SELECT owner, 0, 0, files, bytes FROM owner_usage
			) AS each_row
			WHERE owner %s :owner
			GROUP BY owner HAVING sum(files) <> sum(counted_files) OR sum(bytes) <> sum(counted_bytes)""";

	private final JdbcClient jdbc;

	private final Changes changes;

	UsageRepository(JdbcClient jdbc, Changes changes) {
		this.jdbc = jdbc;
		this.changes = changes;
	}

	/** Owners after this one for whom something else is counted, in order. */
	List<CountedUsage> wrongAfter(String owner, int limit) {
		return this.jdbc.sql(DIFFERENCES.formatted(">") + " ORDER BY owner LIMIT :limit")
			.param("owner", owner)
			.param("limit", limit)
			.query((row, number) -> new CountedUsage(row.getString("owner"), row.getLong("files"), row.getLong("bytes"),
					row.getLong("counted_files"), row.getLong("counted_bytes")))
			.list();
	}

	/**
	 * Counts again for an owner. It adds the difference, so changes that are made at the
	 * same time count as well.
	 */
	void correct(String owner) {
		JdbcClient.StatementSpec addDifference = this.jdbc
			.sql("""
					INSERT INTO owner_usage (owner, stripe, files, bytes)
					SELECT owner, 0, files - counted_files, bytes - counted_bytes FROM (%s) AS difference WHERE true
					ON CONFLICT (owner, stripe) DO UPDATE
					SET files = owner_usage.files + excluded.files, bytes = owner_usage.bytes + excluded.bytes"""
				.formatted(DIFFERENCES.formatted("=")))
			.param("owner", owner);
		this.changes.makeAtOnce(() -> {
			if (this.changes.areShared()) {
				// two corrections must not add the same difference
				this.jdbc.sql("SELECT pg_advisory_xact_lock(hashtextextended(:owner, 4))")
					.param("owner", owner)
					.query((row) -> {
					});
			}
			return addDifference.update();
		});
	}

}
