package dev.stowage.file;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

import dev.stowage.storage.ObjectKey;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * The rows of files whose bytes are to be removed, as the {@link Sweeper} sees them.
 * <p>
 * Every change is one statement, conditional on the state that it leaves. Times are kept
 * to the second. Every method throws Spring's {@code DataAccessException} when the
 * database fails.
 */
@Repository
class SweepRepository {

	private static final String KNOWN = "style IN (%s) AND status IN (%s)"
		.formatted(FileRepository.words(Style.values()), FileRepository.words(FileStatus.values()));

	private final JdbcClient jdbc;

	private final Changes changes;

	SweepRepository(JdbcClient jdbc, Changes changes) {
		this.jdbc = jdbc;
		this.changes = changes;
	}

	/**
	 * Claims rows that are due, until the given time, and ends those that nobody may have
	 * any longer: pending past their deadline, or expired. No two callers claim the same
	 * row; a claim that ran out may be claimed again. Rows in words of a newer version of
	 * the server are left to it.
	 */
	List<Leftover> claimDue(Instant now, Instant until, int limit) {
		return this.changes.make(() -> this.jdbc.sql("""
				UPDATE file SET sweep_at = :until,
					status = CASE WHEN status = 'PENDING' OR expires_at <= :now THEN 'DELETING' ELSE status END
				WHERE sweep_at <= :now
				AND id IN (SELECT id FROM file WHERE sweep_at <= :now AND %s ORDER BY sweep_at LIMIT :limit)
				RETURNING *""".formatted(KNOWN))
			.param("now", now.getEpochSecond())
			.param("until", until.getEpochSecond())
			.param("limit", limit)
			.query(SweepRepository::leftover)
			.list());
	}

	/** Says when the sweeper must look again; empty: never. */
	void sweepAgain(FileId id, FileStatus status, Optional<Instant> at) {
		this.changes.update(this.jdbc.sql("UPDATE file SET sweep_at = :at WHERE id = :id AND status = :status")
			.param("id", id.value())
			.param("status", status.name())
			.param("at", at.map(Instant::getEpochSecond).orElse(null)));
	}

	/**
	 * Removes the row of a file whose bytes are gone, unless the claim under which they
	 * were removed is no longer the last word: bytes may have come since.
	 */
	void remove(FileId id, Instant claimedUntil) {
		this.changes
			.update(this.jdbc.sql("DELETE FROM file WHERE id = :id AND status = 'DELETING' AND sweep_at = :claim")
				.param("id", id.value())
				.param("claim", claimedUntil.getEpochSecond()));
	}

	private static Leftover leftover(ResultSet row, int number) throws SQLException {
		return new Leftover(new FileId(row.getString("id")), Style.valueOf(row.getString("style")),
				FileStatus.valueOf(row.getString("status")), new ObjectKey(row.getString("object_key")),
				row.getInt("copies"), FileRepository.instant(row, "upload_ends_at"),
				FileRepository.instant(row, "expires_at"));
	}

}
