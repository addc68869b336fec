package dev.stowage.check;

import java.util.List;

import dev.stowage.database.Changes;
import dev.stowage.database.LongStatements;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * What is counted for owners beside what their rows say. Every method throws Spring's
 * {@code DataAccessException} when the database fails.
 */
class UsageRepository {

	private final JdbcClient jdbc;

	private final JdbcClient patient;

	private final Changes changes;

	UsageRepository(JdbcTemplate database, Changes changes) {
		this.jdbc = JdbcClient.create(database);
		this.patient = LongStatements.on(database);
		this.changes = changes;
	}

	/**
	 * Owners after this one for whom something else is counted, in order. Reads a row of
	 * each file, all at one moment, so a change in progress is no difference.
	 */
	List<CountedUsage> wrongAfter(String owner, int limit) {
		return this.patient.sql("""
				SELECT owner, sum(files) AS files, sum(bytes) AS bytes, sum(counted_files) AS counted_files,
					sum(counted_bytes) AS counted_bytes
				FROM (
					SELECT owner, 1 AS files,
						CASE status WHEN 'AVAILABLE' THEN bytes ELSE coalesce(declared_bytes, 0) END AS bytes,
						0 AS counted_files, 0 AS counted_bytes
					FROM file WHERE status IN ('PENDING', 'AVAILABLE')
					UNION ALL SELECT owner, 0, 0, files, bytes FROM owner_usage
				) AS each_row
				WHERE owner > :owner
				GROUP BY owner HAVING sum(files) <> sum(counted_files) OR sum(bytes) <> sum(counted_bytes)
				ORDER BY owner LIMIT :limit""")
			.param("owner", owner)
			.param("limit", limit)
			.query((row, number) -> new CountedUsage(row.getString("owner"), row.getLong("files"), row.getLong("bytes"),
					row.getLong("counted_files"), row.getLong("counted_bytes")))
			.list();
	}

	/**
	 * Counts again for an owner. It adds the difference, which changes that are made at
	 * the same time do not alter. Two commands that do so at once would add it twice.
	 */
	void correct(CountedUsage wrong) {
		JdbcClient.StatementSpec change = this.jdbc.sql("""
				INSERT INTO owner_usage (owner, stripe, files, bytes) VALUES (:owner, 0, :files, :bytes)
				ON CONFLICT (owner, stripe) DO UPDATE
				SET files = owner_usage.files + excluded.files, bytes = owner_usage.bytes + excluded.bytes""")
			.param("owner", wrong.owner())
			.param("files", wrong.files() - wrong.countedFiles())
			.param("bytes", wrong.bytes() - wrong.countedBytes());
		this.changes.makeAtOnce(() -> {
			if (this.changes.areShared()) {
				this.jdbc.sql("SELECT end_room(:owner)").param("owner", wrong.owner()).query((row) -> {
				});
			}
			return change.update();
		});
	}

}
