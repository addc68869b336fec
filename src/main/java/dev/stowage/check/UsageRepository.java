package dev.stowage.check;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

import dev.stowage.database.Changes;
import dev.stowage.database.LongStatements;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * What is counted for owners beside what their rows say. Every method throws Spring's
 * {@code DataAccessException} when the database fails.
 */
class UsageRepository {

	/** Owners for whom something else is counted, at one moment. */
	private static final String WRONG = """
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

	private static final String ADD = """
			INSERT INTO owner_usage (owner, stripe, files, bytes) SELECT owner, 0, files, bytes
			FROM (%s) AS difference WHERE true
			ON CONFLICT (owner, stripe) DO UPDATE
			SET files = owner_usage.files + excluded.files, bytes = owner_usage.bytes + excluded.bytes""";

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
		return this.patient.sql(WRONG.formatted(">") + " ORDER BY owner LIMIT :limit")
			.param("owner", owner)
			.param("limit", limit)
			.query((row, number) -> wrong(row))
			.list();
	}

	private static CountedUsage wrong(ResultSet row) throws SQLException {
		return new CountedUsage(row.getString("owner"), row.getLong("files"), row.getLong("bytes"),
				row.getLong("counted_files"), row.getLong("counted_bytes"));
	}

	/**
	 * Counts again for an owner; does nothing if that is right. It adds the difference,
	 * which changes that are made at the same time do not alter. If several commands do
	 * so, each sees what the one before it has added. On SQLite nobody else writes
	 * meanwhile.
	 */
	void correct(String owner) {
		this.changes.makeAtOnce(() -> this.changes.areShared() ? correctShared(owner) : this.patient
			.sql(ADD.formatted("SELECT owner, files - counted_files AS files, bytes - counted_bytes AS bytes FROM ("
					+ WRONG.formatted("=") + ") AS wrong"))
			.param("owner", owner)
			.update());
	}

	/**
	 * Other commands wait until it ends, and servers only while the difference is added.
	 */
	private int correctShared(String owner) {
		select("SELECT pg_advisory_xact_lock(hashtextextended(:owner, 4))", owner);
		Optional<CountedUsage> wrong = this.patient.sql(WRONG.formatted("="))
			.param("owner", owner)
			.query((row, number) -> wrong(row))
			.optional();
		if (wrong.isEmpty()) {
			return 0;
		}
		select("SELECT end_room(:owner)", owner);
		return this.jdbc
			.sql(ADD.formatted("SELECT CAST(:owner AS TEXT) AS owner, CAST(:files AS BIGINT) AS files,"
					+ " CAST(:bytes AS BIGINT) AS bytes"))
			.param("owner", owner)
			.param("files", wrong.get().files() - wrong.get().countedFiles())
			.param("bytes", wrong.get().bytes() - wrong.get().countedBytes())
			.update();
	}

	private void select(String function, String owner) {
		this.patient.sql(function).param("owner", owner).query((row) -> {
		});
	}

}
