package dev.stowage.upload.pending;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

import dev.stowage.database.Changes;
import dev.stowage.file.FileId;
import dev.stowage.owner.Owner;
import dev.stowage.quota.QuotaException;
import dev.stowage.storage.Checksum;
import dev.stowage.storage.ObjectKey;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * What the rows of pending files say of their slots, and of who completes them.
 * <p>
 * Every change is one statement, conditional on the state that it leaves. Times are kept
 * to the second. Every method throws Spring's {@code DataAccessException} when the
 * database fails.
 */
@Repository
class PendingRepository {

	private final JdbcClient jdbc;

	private final Changes changes;

	PendingRepository(JdbcClient jdbc, Changes changes) {
		this.jdbc = jdbc;
		this.changes = changes;
	}

	/** The slots that an owner's pending files have. */
	List<Integer> slots(Owner owner) {
		return this.jdbc.sql("""
				SELECT pending_slot FROM file
				WHERE owner = :owner AND status = 'PENDING' AND pending_slot IS NOT NULL""")
			.param("owner", owner.name())
			.query((row, number) -> row.getInt("pending_slot"))
			.list();
	}

	/**
	 * Claims the completion of a pending file until the given time; false if another
	 * request has claimed it, if its staged object was found invalid before, or if it is
	 * no longer pending.
	 * @param furthest the latest end of a claim that was made by this clock
	 */
	boolean claim(FileId id, String etag, Instant now, Instant until, Instant furthest) {
		return this.changes.update(this.jdbc.sql("""
				UPDATE file SET completing_until = :until,
					sweep_at = CASE WHEN sweep_at < :until THEN :until ELSE sweep_at END
				WHERE id = :id AND status = 'PENDING'
				AND (completing_until IS NULL OR completing_until <= :now OR completing_until > :furthest)
				AND (refused_etag IS NULL OR refused_etag <> :etag)""")
			.param("id", id.value())
			.param("etag", etag)
			.param("now", now.getEpochSecond())
			.param("until", until.getEpochSecond())
			.param("furthest", furthest.getEpochSecond())) > 0;
	}

	/**
	 * Moves the end of a claim; false if it ran out and another request has claimed the
	 * file.
	 * @param copyEnds until when the row must name a copy that is being made
	 */
	boolean renew(FileId id, Instant until, Instant next, Instant copyEnds) {
		return this.changes.update(this.jdbc.sql("""
				UPDATE file SET completing_until = :next,
					sweep_at = CASE WHEN sweep_at < :next THEN :next ELSE sweep_at END,
					upload_ends_at = CASE WHEN copies > 0 AND upload_ends_at < :copyEnds THEN :copyEnds
						ELSE upload_ends_at END
				WHERE id = :id AND status = 'PENDING' AND completing_until = :until""")
			.param("id", id.value())
			.param("until", until.getEpochSecond())
			.param("next", next.getEpochSecond())
			.param("copyEnds", copyEnds.getEpochSecond())) > 0;
	}

	void release(FileId id, Instant until) {
		this.changes.update(this.jdbc.sql("""
				UPDATE file SET completing_until = NULL
				WHERE id = :id AND status = 'PENDING' AND completing_until = :until""")
			.param("id", id.value())
			.param("until", until.getEpochSecond()));
	}

	/** Ends a claim with the reason why the staged object cannot become the file. */
	void refuse(FileId id, Instant until, String etag, String reason) {
		this.changes.update(this.jdbc.sql("""
				UPDATE file SET completing_until = NULL, refused_etag = :etag, refusal = :reason
				WHERE id = :id AND status = 'PENDING' AND completing_until = :until""")
			.param("id", id.value())
			.param("until", until.getEpochSecond())
			.param("etag", etag)
			.param("reason", reason));
	}

	/** Why a staged object was found invalid, if it still has the same tag. */
	Optional<String> refusal(FileId id, String etag) {
		return this.jdbc.sql("SELECT refusal FROM file WHERE id = :id AND status = 'PENDING' AND refused_etag = :etag")
			.param("id", id.value())
			.param("etag", etag)
			.query(String.class)
			.optional();
	}

	/**
	 * Names one more copy key for a pending file, whose row then remains until the copy
	 * must have ended; empty if it is no longer pending.
	 */
	OptionalInt nameCopy(FileId id, Instant ended) {
		return this.changes.make(() -> this.jdbc.sql("""
				UPDATE file SET copies = copies + 1,
					upload_ends_at = CASE WHEN upload_ends_at < :ended THEN :ended ELSE upload_ends_at END
				WHERE id = :id AND status = 'PENDING' RETURNING copies""")
			.param("id", id.value())
			.param("ended", ended.getEpochSecond())
			.query(Integer.class)
			.optional()
			.map(OptionalInt::of)
			.orElseGet(OptionalInt::empty));
	}

	/**
	 * Makes a pending file available under its copy; false when it is no longer pending.
	 * @throws QuotaException when its owner may not have so much
	 */
	boolean complete(FileId id, Checksum bytes, ObjectKey copy, Instant sweepAt) {
		return QuotaException.orMade(bytes.length(),
				() -> this.changes.update(this.jdbc.sql("""
						UPDATE file SET status = 'AVAILABLE', bytes = :bytes, crc32c = :crc32c, object_key = :key,
							sweep_at = :sweep
						WHERE id = :id AND status = 'PENDING'""")
					.param("id", id.value())
					.param("bytes", bytes.length())
					.param("crc32c", bytes.crc32c())
					.param("key", copy.value())
					.param("sweep", sweepAt.getEpochSecond()))) > 0;
	}

}
