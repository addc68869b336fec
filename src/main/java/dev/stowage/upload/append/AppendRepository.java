package dev.stowage.upload.append;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

import dev.stowage.database.Changes;
import dev.stowage.database.Sql;
import dev.stowage.file.FileId;
import dev.stowage.file.FileName;
import dev.stowage.file.FileStatus;
import dev.stowage.file.ObjectKeys;
import dev.stowage.file.Purpose;
import dev.stowage.owner.Owner;
import dev.stowage.quota.QuotaException;
import dev.stowage.storage.Checksum;
import dev.stowage.storage.ObjectKey;
import dev.stowage.upload.pending.UploadId;
import dev.stowage.upload.pending.UploadStatus;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * The rows of uploads to which requests append: how they begin and end.
 * <p>
 * Every change is conditional on the state that it leaves. Times are kept to the second.
 * Every method throws Spring's {@code DataAccessException} when the database fails.
 */
@Repository
class AppendRepository {

	private static final String IF_WRITER = " AND EXISTS (SELECT 1 FROM appended_upload WHERE file_id = file.id AND writer = :request)";

	private static final String CANCEL = """
			UPDATE file SET status = 'DELETING', cancelled_at = :now, sweep_at = :now
			WHERE id = :id AND status = 'PENDING' AND upload_expires_at > :now""";

	private final JdbcClient jdbc;

	private final Changes changes;

	AppendRepository(JdbcClient jdbc, Changes changes) {
		this.jdbc = jdbc;
		this.changes = changes;
	}

	/**
	 * Adds a pending upload; false if another pending file of its owner has the slot.
	 * @param digest what its client has sent for the whole file
	 * @param fileExpiresAt when the file expires that it becomes; empty: never
	 * @throws QuotaException when its owner may not have so much
	 */
	boolean add(AppendedUpload upload, Optional<WholeDigest> digest, Optional<Instant> fileExpiresAt, int slot) {
		this.changes.requireRoom();
		return QuotaException.orMade(upload.length().orElse(0), () -> this.changes.makeAtOnce(() -> {
			boolean isAdded = insert(upload, fileExpiresAt, slot) > 0;
			if (isAdded) {
				this.jdbc
					.sql("INSERT INTO appended_upload (file_id, metadata, digest) VALUES (:id, :metadata, :digest)")
					.param("id", upload.id().file().value())
					.param("metadata", upload.metadata().orElse(null))
					.param("digest", digest.map(WholeDigest::toString).orElse(null))
					.update();
			}
			return isAdded;
		}));
	}

	private int insert(AppendedUpload upload, Optional<Instant> fileExpiresAt, int slot) {
		FileId id = upload.id().file();
		return this.jdbc
			.sql("""
					INSERT INTO file (id, owner, style, status, purpose, filename, content_type, bytes, declared_bytes,
						created_at, expires_at, object_key, copies, upload_expires_at, upload_ends_at, sweep_at, pending_slot)
					VALUES (:id, :owner, 'APPENDED', 'PENDING', :purpose, :filename, :type, 0, :declared,
						:created, :expires, :key, 0, :uploadExpires, :known, :uploadExpires, :slot)
					ON CONFLICT (owner, pending_slot) WHERE status = 'PENDING' AND pending_slot IS NOT NULL DO NOTHING""")
			.param("id", id.value())
			.param("owner", upload.owner().name())
			.param("purpose", upload.purpose().name())
			.param("filename", upload.name().value())
			.param("type", upload.contentType())
			.param("declared", upload.length().isPresent() ? upload.length().getAsLong() : null)
			.param("created", upload.createdAt().getEpochSecond())
			.param("expires", fileExpiresAt.map(Instant::getEpochSecond).orElse(null))
			.param("key", ObjectKeys.copy(id, 1).value())
			.param("uploadExpires", upload.expiresAt().getEpochSecond())
			.param("known", upload.expiresAt().plus(UploadStatus.KNOWN).getEpochSecond())
			.param("slot", slot)
			.update();
	}

	/** An upload of the owner, without its file; empty if a completed one was deleted. */
	Optional<AppendedUpload> find(Owner owner, UploadId id, Instant now) {
		return this.jdbc.sql("""
				SELECT f.*, a.metadata, a.bytes + a.rest_bytes AS kept FROM file f
				JOIN appended_upload a ON a.file_id = f.id
				WHERE f.id = :id AND f.owner = :owner AND f.style = 'APPENDED'
				AND (f.status <> 'DELETING' OR f.position = 0)""")
			.param("id", id.file().value())
			.param("owner", owner.name())
			.query((row, number) -> upload(row, now))
			.optional();
	}

	private static AppendedUpload upload(ResultSet row, Instant now) throws SQLException {
		Instant expiresAt = Instant.ofEpochSecond(row.getLong("upload_expires_at"));
		long length = row.getLong("declared_bytes");
		OptionalLong said = row.wasNull() ? OptionalLong.empty() : OptionalLong.of(length);
		return new AppendedUpload(new UploadId(new FileId(row.getString("id"))), new Owner(row.getString("owner")),
				UploadStatus.of(FileStatus.valueOf(row.getString("status")), expiresAt,
						Sql.instant(row, "cancelled_at").isPresent(), now),
				Purpose.valueOf(row.getString("purpose")), new FileName(row.getString("filename")),
				row.getString("content_type"), said, row.getLong("kept"),
				Instant.ofEpochSecond(row.getLong("created_at")), expiresAt,
				Optional.ofNullable(row.getString("metadata")), Optional.empty());
	}

	/**
	 * Makes a pending upload an available file, whose lifetime begins; false if it is no
	 * longer pending, or another request may change it.
	 * @param remains until when something of the upload may remain that the sweeper
	 * removes; empty: nothing does
	 * @throws QuotaException when its owner may not have so much
	 */
	boolean complete(UploadId id, int request, Checksum bytes, ObjectKey key, Instant now, Optional<Instant> remains) {
		return QuotaException.orMade(bytes.length(),
				() -> this.changes.update(this.jdbc.sql("""
						UPDATE file SET status = 'AVAILABLE', bytes = :bytes, declared_bytes = :bytes, crc32c = :crc32c,
							object_key = :key, expires_at = expires_at - created_at + :now, upload_ends_at = :ends,
							sweep_at = CASE WHEN :remains = 1 THEN :now ELSE expires_at - created_at + :now END,
							parts = CASE WHEN :remains = 1 THEN parts ELSE 0 END
						WHERE id = :id AND status = 'PENDING'""" + IF_WRITER)
					.param("id", id.file().value())
					.param("request", request)
					.param("bytes", bytes.length())
					.param("crc32c", bytes.crc32c())
					.param("key", key.value())
					.param("now", now.getEpochSecond())
					.param("ends", remains.orElse(now).getEpochSecond())
					.param("remains", remains.isPresent() ? 1 : 0))) > 0;
	}

	/**
	 * Ends a pending upload; false when it is no longer pending. The row remains for a
	 * while, so that its client can ask for the status.
	 */
	boolean cancel(UploadId id, Instant now) {
		return this.changes
			.update(this.jdbc.sql(CANCEL).param("id", id.file().value()).param("now", now.getEpochSecond())) > 0;
	}

	/** Like that, but false also when another request may change the upload. */
	boolean cancel(UploadId id, int request, Instant now) {
		return this.changes.update(this.jdbc.sql(CANCEL + IF_WRITER)
			.param("id", id.file().value())
			.param("request", request)
			.param("now", now.getEpochSecond())) > 0;
	}

}
