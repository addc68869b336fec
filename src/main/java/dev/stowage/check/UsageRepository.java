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

	/** What each row of a file counts for, and what is counted. */
	private static final String FROM_BOTH = """
			FROM (
				SELECT owner, 1 AS files,
					CASE status WHEN 'AVAILABLE' THEN bytes ELSE coalesce(declared_bytes, 0) END AS bytes,
					0 AS counted_files, 0 AS counted_bytes
				FROM file WHERE status IN ('PENDING', 'AVAILABLE')
				UNION ALL SELECT owner, 0, 0, files, bytes FROM owner_usage
			) AS each_row""";

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
		return this.patient
			.sql("SELECT owner, sum(files) AS files, sum(bytes) AS bytes, sum(counted_files) AS counted_files,"
					+ " sum(counted_bytes) AS counted_bytes " + FROM_BOTH + " WHERE owner > :owner GROUP BY owner"
					+ " HAVING sum(files) <> sum(counted_files) OR sum(bytes) <> sum(counted_bytes)"
					+ " ORDER BY owner LIMIT :limit")
			.param("owner", owner)
			.param("limit", limit)
			.query((row, number) -> new CountedUsage(row.getString("owner"), row.getLong("files"), row.getLong("bytes"),
					row.getLong("counted_files"), row.getLong("counted_bytes")))
			.list();
	}

	/**
	 * Counts again for an owner, and does nothing if that is right. It adds the
	 * difference at one moment, which changes that are made at the same time do not
	 * alter. Several commands do so for an owner one after the other.
	 */
	void correct(String owner) {
		JdbcClient.StatementSpec change = this.patient
			.sql("INSERT INTO owner_usage (owner, stripe, files, bytes) SELECT owner, 0,"
					+ " sum(files) - sum(counted_files), sum(bytes) - sum(counted_bytes) " + FROM_BOTH
					+ " WHERE owner = :owner GROUP BY owner ON CONFLICT (owner, stripe) DO UPDATE"
					+ " SET files = owner_usage.files + excluded.files, bytes = owner_usage.bytes + excluded.bytes")
			.param("owner", owner);
		this.changes.makeAtOnce(() -> {
			if (this.changes.areShared()) {
				// takes the owner's lock
				this.jdbc.sql("SELECT end_room(:owner)").param("owner", owner).query((row) -> {
				});
			}
			return change.update();
		});
	}

}
