package dev.stowage.upload.parts;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

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
 * The rows of uploads in parts, and of their parts.
 * <p>
 * Every change is conditional on the state that it leaves. Times are kept to the second.
 * Every method throws Spring's {@code DataAccessException} when the database fails.
 */
@Repository
class PartRepository {

	private final JdbcClient jdbc;

	private final Changes changes;

	PartRepository(JdbcClient jdbc, Changes changes) {
		this.jdbc = jdbc;
		this.changes = changes;
	}

	/**
	 * Adds a pending upload; false if another pending file of its owner has the slot.
	 * @param fileExpiresAt when the file expires that it becomes; empty: never
	 * @param metadata what its client says of that file
	 * @throws QuotaException when its owner may not have so much
	 */
	boolean add(Upload upload, Optional<Instant> fileExpiresAt, Optional<String> metadata, int slot) {
		this.changes.requireRoom();
		FileId id = upload.id().file();
		return QuotaException.orMade(upload.bytes(), () -> this.changes.update(this.jdbc
			.sql("""
					INSERT INTO file (id, owner, style, status, purpose, filename, content_type, bytes, declared_bytes,
						created_at, expires_at, object_key, copies, upload_expires_at, upload_ends_at, sweep_at, pending_slot, pairs)
					VALUES (:id, :owner, 'PARTS', 'PENDING', :purpose, :filename, :type, 0, :declared,
						:created, :expires, :key, 0, :uploadExpires, :known, :uploadExpires, :slot, :pairs)
					ON CONFLICT (owner, pending_slot) WHERE status = 'PENDING' AND pending_slot IS NOT NULL DO NOTHING""")
			.param("id", id.value())
			.param("owner", upload.owner().name())
			.param("purpose", upload.purpose().name())
			.param("filename", upload.name().value())
			.param("type", upload.contentType())
			.param("declared", upload.bytes())
			.param("created", upload.createdAt().getEpochSecond())
			.param("expires", fileExpiresAt.map(Instant::getEpochSecond).orElse(null))
			.param("key", ObjectKeys.copy(id, 1).value())
			.param("uploadExpires", upload.expiresAt().getEpochSecond())
			.param("known", upload.expiresAt().plus(UploadStatus.KNOWN).getEpochSecond())
			.param("slot", slot)
			.param("pairs", metadata.orElse(null)))) > 0;
	}

	/** An upload of the owner, without its file; empty if a completed one was deleted. */
	Optional<Upload> find(Owner owner, UploadId id, Instant now) {
		return find("style = 'PARTS'", owner, id, now);
	}

	/** The same, if its bytes are appended. */
	Optional<Upload> findAppended(Owner owner, UploadId id, Instant now) {
		return find("style = 'APPENDED'", owner, id, now);
	}

	private Optional<Upload> find(String style, Owner owner, UploadId id, Instant now) {
		return this.jdbc.sql("""
				SELECT * FROM file WHERE id = :id AND owner = :owner AND %s
				AND (status <> 'DELETING' OR position = 0)""".formatted(style))
			.param("id", id.file().value())
			.param("owner", owner.name())
			.query((row, number) -> upload(row, now))
			.optional();
	}

	private static Upload upload(ResultSet row, Instant now) throws SQLException {
		Instant expiresAt = Instant.ofEpochSecond(row.getLong("upload_expires_at"));
		return new Upload(new UploadId(new FileId(row.getString("id"))), new Owner(row.getString("owner")),
				UploadStatus.of(FileStatus.valueOf(row.getString("status")), expiresAt,
						Sql.instant(row, "cancelled_at").isPresent(), now),
				Purpose.valueOf(row.getString("purpose")), new FileName(row.getString("filename")),
				row.getString("content_type"), row.getLong("declared_bytes"),
				Instant.ofEpochSecond(row.getLong("created_at")), expiresAt, Optional.empty());
	}

	/**
	 * Names a part before its bytes exist, and returns its number.
	 * @return empty if the upload is not pending, or has as many parts as it may have
	 */
	OptionalInt namePart(UploadId upload, PartId part, Instant now, int limit) {
		this.changes.requireRoom();
		return this.changes.makeAtOnce(() -> {
			Optional<Integer> number = this.jdbc.sql("""
					UPDATE file SET parts = parts + 1
					WHERE id = :id AND status = 'PENDING' AND upload_expires_at > :now
						AND parts - parts_failed < :limit AND parts < :attempts
					RETURNING parts""")
				.param("id", upload.file().value())
				.param("now", now.getEpochSecond())
				.param("limit", limit)
				.param("attempts", 2 * limit)
				.query(Integer.class)
				.optional();
			number.ifPresent((its) -> insert(upload, part, its, now));
			return number.map(OptionalInt::of).orElseGet(OptionalInt::empty);
		});
	}

	private void insert(UploadId upload, PartId part, int number, Instant now) {
		this.jdbc.sql("""
				INSERT INTO upload_part (id, file_id, number, object_key, created_at)
				VALUES (:id, :file, :number, :key, :now)""")
			.param("id", part.value())
			.param("file", upload.file().value())
			.param("number", number)
			.param("key", ObjectKeys.part(upload.file(), number).value())
			.param("now", now.getEpochSecond())
			.update();
	}

	/** Records that a part has arrived; false if its upload is not pending. */
	boolean arrived(UploadPart part, Instant now) {
		return this.changes.update(this.jdbc.sql("""
				UPDATE upload_part SET bytes = :bytes, crc32c = :crc32c WHERE id = :id AND EXISTS
					(SELECT 1 FROM file WHERE id = :file AND status = 'PENDING' AND upload_expires_at > :now)""")
			.param("id", part.id().value())
			.param("file", part.upload().file().value())
			.param("bytes", part.bytes())
			.param("crc32c", part.checksum().crc32c())
			.param("now", now.getEpochSecond())) > 0;
	}

	/**
	 * Forgets a part that did not arrive; false if it did. The upload's row still names
	 * its key.
	 */
	boolean failed(UploadId upload, PartId part) {
		return this.changes.makeAtOnce(() -> {
			int rows = this.jdbc.sql("DELETE FROM upload_part WHERE id = :id AND bytes IS NULL")
				.param("id", part.value())
				.update();
			this.jdbc.sql("UPDATE file SET parts_failed = parts_failed + :rows WHERE id = :file")
				.param("file", upload.file().value())
				.param("rows", rows)
				.update();
			return rows > 0;
		});
	}

	/** The parts that have arrived, in the order in which they began. */
	List<UploadPart> parts(UploadId upload, int after, int limit) {
		return this.jdbc.sql("""
				SELECT * FROM upload_part WHERE file_id = :file AND bytes IS NOT NULL AND number > :after
				ORDER BY number LIMIT :limit""")
			.param("file", upload.file().value())
			.param("after", after)
			.param("limit", limit)
			.query((row, number) -> part(upload, row))
			.list();
	}

	private static UploadPart part(UploadId upload, ResultSet row) throws SQLException {
		return new UploadPart(new PartId(row.getString("id")), upload, row.getInt("number"),
				new Checksum(row.getLong("bytes"), row.getLong("crc32c")),
				Instant.ofEpochSecond(row.getLong("created_at")), new ObjectKey(row.getString("object_key")));
	}

	/** The number of a part of the upload; empty if it has no such part. */
	OptionalInt number(UploadId upload, PartId part) {
		return this.jdbc.sql("SELECT number FROM upload_part WHERE id = :id AND file_id = :file")
			.param("id", part.value())
			.param("file", upload.file().value())
			.query(Integer.class)
			.optional()
			.map(OptionalInt::of)
			.orElseGet(OptionalInt::empty);
	}

	/**
	 * Makes a pending upload an available file, whose lifetime begins, and whose parts
	 * the sweeper removes; false when it is no longer pending.
	 * @param list identifies the list of parts that it consists of
	 */
	boolean complete(UploadId upload, Checksum bytes, ObjectKey copy, String list, Instant now) {
		return this.changes.update(this.jdbc.sql("""
				UPDATE file SET status = 'AVAILABLE', bytes = :bytes, crc32c = :crc32c, object_key = :key,
					expires_at = expires_at - created_at + :now, completed_list = :list, sweep_at = :now
				WHERE id = :id AND status = 'PENDING'""")
			.param("id", upload.file().value())
			.param("bytes", bytes.length())
			.param("crc32c", bytes.crc32c())
			.param("key", copy.value())
			.param("list", list)
			.param("now", now.getEpochSecond())) > 0;
	}

	/** Whether this list of parts completed the upload. */
	boolean wasCompletedWith(UploadId upload, String list) {
		return this.jdbc.sql("SELECT count(*) FROM file WHERE id = :id AND completed_list = :list")
			.param("id", upload.file().value())
			.param("list", list)
			.query(Integer.class)
			.single() > 0;
	}

	/**
	 * Ends a pending upload; false when it is no longer pending. The row remains for a
	 * while, so that its client can ask for the status.
	 */
	boolean cancel(UploadId upload, Instant now) {
		return this.changes.update(this.jdbc.sql("""
				UPDATE file SET status = 'DELETING', cancelled_at = :now, sweep_at = :now
				WHERE id = :id AND status = 'PENDING' AND upload_expires_at > :now""")
			.param("id", upload.file().value())
			.param("now", now.getEpochSecond())) > 0;
	}

}
