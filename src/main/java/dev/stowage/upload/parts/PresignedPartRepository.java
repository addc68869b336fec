package dev.stowage.upload.parts;

import java.time.Instant;
import java.util.Optional;

import dev.stowage.database.Changes;
import dev.stowage.file.FileId;
import dev.stowage.file.StoredFile;
import dev.stowage.quota.QuotaException;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * The rows of files whose parts go directly to the store. They name the keys of all their
 * parts from the start.
 * <p>
 * Every change is one statement, conditional on the state that it leaves. Times are kept
 * to the second. Every method throws Spring's {@code DataAccessException} when the
 * database fails.
 */
@Repository
class PresignedPartRepository {

	private final JdbcClient jdbc;

	private final Changes changes;

	PresignedPartRepository(JdbcClient jdbc, Changes changes) {
		this.jdbc = jdbc;
		this.changes = changes;
	}

	/**
	 * Adds a pending file; false if another pending file of its owner has the slot.
	 * @throws QuotaException when its owner may not have so much
	 */
	boolean add(StoredFile file, PartLayout layout, Instant uploadEndsAt, int slot) {
		this.changes.requireRoom();
		return QuotaException.orMade(layout.bytes(), () -> this.changes.update(this.jdbc
			.sql("""
					INSERT INTO file (id, owner, style, status, purpose, filename, content_type, bytes, declared_bytes, parts,
						created_at, expires_at, object_key, copies, upload_ends_at, sweep_at, pending_slot, pairs)
					VALUES (:id, :owner, 'PRESIGNED_PARTS', 'PENDING', :purpose, :filename, :type, 0, :declared, :parts,
						:created, :expires, :key, 0, :uploadEnds, :uploadEnds, :slot, :pairs)
					ON CONFLICT (owner, pending_slot) WHERE status = 'PENDING' AND pending_slot IS NOT NULL DO NOTHING""")
			.param("id", file.id().value())
			.param("owner", file.owner().name())
			.param("purpose", file.purpose().name())
			.param("filename", file.name().value())
			.param("type", file.contentType())
			.param("declared", layout.bytes())
			.param("parts", layout.count())
			.param("created", file.createdAt().getEpochSecond())
			.param("expires", file.expiresAt().map(Instant::getEpochSecond).orElse(null))
			.param("key", file.key().value())
			.param("uploadEnds", uploadEndsAt.getEpochSecond())
			.param("slot", slot)
			.param("pairs", file.metadata().orElse(null)))) > 0;
	}

	/**
	 * Expects parts until the given time, or longer if that was said before.
	 * @return how the file is cut; empty if it is no longer pending
	 */
	Optional<PartLayout> extend(FileId id, Instant uploadEndsAt) {
		return this.changes.make(() -> this.jdbc.sql("""
				UPDATE file SET
					upload_ends_at = CASE WHEN upload_ends_at < :uploadEnds THEN :uploadEnds ELSE upload_ends_at END,
					sweep_at = CASE WHEN sweep_at < :uploadEnds THEN :uploadEnds ELSE sweep_at END
				WHERE id = :id AND status = 'PENDING' RETURNING declared_bytes, parts""")
			.param("id", id.value())
			.param("uploadEnds", uploadEndsAt.getEpochSecond())
			.query((row, number) -> new PartLayout(row.getLong("declared_bytes"), row.getInt("parts")))
			.optional());
	}

	/** How a pending file is cut; empty if it is no longer pending. */
	Optional<PartLayout> layout(FileId id) {
		return this.jdbc.sql("SELECT declared_bytes, parts FROM file WHERE id = :id AND status = 'PENDING'")
			.param("id", id.value())
			.query((row, number) -> new PartLayout(row.getLong("declared_bytes"), row.getInt("parts")))
			.optional();
	}

}
