package dev.stowage.upload;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
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
import dev.stowage.file.StoredFile;
import dev.stowage.file.UploadMethod;
import dev.stowage.owner.Owner;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * The rows of keys, and what they need to know of their files. A row is written before
 * that of its file, in the same transaction, and its answer is set in the transaction
 * that completes the file.
 * <p>
 * Every change is one statement, conditional on the state that it leaves. Every method
 * throws Spring's {@code DataAccessException} when the database fails.
 */
@Repository
class IdempotencyRepository {

	/** Whether a file has its key. */
	static final String HAS_KEY = """
			EXISTS (SELECT 1 FROM idempotency_key WHERE owner = :owner AND key = :key AND file_id = :id)""";

	/** Adds the row of a key, unless there is one, before the upload says more. */
	static final String ADD_MULTIPART = """
			INSERT INTO idempotency_key (owner, key, file_id, style, expires_at)
			VALUES (:owner, :key, :id, 'MULTIPART', :kept) ON CONFLICT (owner, key) DO NOTHING""";

	/**
	 * Sets the answer to the upload that has a key and has just been completed. No index
	 * has any of these columns, so the change is a small one.
	 */
	static final String ANSWER = """
			UPDATE idempotency_key SET purpose = :purpose, filename = :filename, bytes = :bytes,
				lifetime = :lifetime, crc32c = :crc32c, pairs = :pairs, content_type = :type,
				created_at = :created, file_expires_at = :expires
			WHERE owner = :owner AND key = :key AND file_id = :id
			AND EXISTS (SELECT 1 FROM file WHERE id = :id AND status = 'AVAILABLE')""";

	private final JdbcClient jdbc;

	private final Changes changes;

	IdempotencyRepository(JdbcClient jdbc, Changes changes) {
		this.jdbc = jdbc;
		this.changes = changes;
	}

	/** Adds the row of a key; false if there is one. */
	boolean add(Owner owner, IdempotencyKey key, IdempotencyKey.Use use, Instant expiresAt) {
		return this.changes.update(with(use, this.jdbc.sql("""
				INSERT INTO idempotency_key (owner, key, file_id, style, expires_at, purpose, filename, bytes, lifetime,
					pairs)
				VALUES (:owner, :key, :id, :style, :expires, :purpose, :filename, :bytes, :lifetime, :pairs)
				ON CONFLICT (owner, key) DO NOTHING""")).param("owner", owner.name())
			.param("key", key.value())
			.param("expires", expiresAt.getEpochSecond())) > 0;
	}

	/**
	 * Gives the key of a file that never came to be, or of an expired request, to another
	 * one; false if another request has done so, or the file was completed.
	 */
	boolean takeOver(Owner owner, IdempotencyKey key, FileId from, IdempotencyKey.Use use, Instant expiresAt,
			Instant answeredBefore) {
		return this.changes.update(with(use, this.jdbc.sql("""
				UPDATE idempotency_key SET file_id = :id, style = :style, expires_at = :expires, purpose = :purpose,
					filename = :filename, bytes = :bytes, lifetime = :lifetime, pairs = :pairs, crc32c = NULL,
					content_type = NULL, created_at = NULL, file_expires_at = NULL
				WHERE owner = :owner AND key = :key AND file_id = :from
				AND (created_at IS NULL OR created_at <= :answered)""")).param("owner", owner.name())
			.param("key", key.value())
			.param("from", from.value())
			.param("expires", expiresAt.getEpochSecond())
			.param("answered", answeredBefore.getEpochSecond())) > 0;
	}

	private static JdbcClient.StatementSpec with(IdempotencyKey.Use use, JdbcClient.StatementSpec statement) {
		Optional<IdempotencyKey.Asked> asked = use.asked();
		return statement.param("id", use.file().value())
			.param("style", use.method().name())
			.param("purpose", asked.map((it) -> it.purpose().name()).orElse(null))
			.param("filename", asked.map((it) -> it.name().value()).orElse(null))
			.param("bytes", asked.map(IdempotencyKey.Asked::bytes).orElse(null))
			.param("lifetime", asked.flatMap(IdempotencyKey.Asked::lifetime).map(Duration::toSeconds).orElse(null))
			.param("pairs", asked.flatMap(IdempotencyKey.Asked::metadata).orElse(null));
	}

	/** The request that last claimed a key. */
	Optional<IdempotencyKey.Earlier> find(Owner owner, IdempotencyKey key, UploadMethod method) {
		return this.jdbc
			.sql("""
					SELECT k.file_id, k.style, k.expires_at AS kept_until, k.purpose, k.filename, k.bytes, k.lifetime,
						k.crc32c, k.pairs, COALESCE(k.content_type, f.content_type) AS content_type, k.created_at AS answered_at,
						COALESCE(k.created_at, f.created_at) AS created_at,
						CASE WHEN k.created_at IS NULL THEN f.expires_at ELSE k.file_expires_at END AS expires_at,
						CASE WHEN f.status = 'PENDING' THEN 1 ELSE 0 END AS pending
					FROM idempotency_key k LEFT JOIN file f ON f.id = k.file_id
					WHERE k.owner = :owner AND k.key = :key""")
			.param("owner", owner.name())
			.param("key", key.value())
			.query((row, number) -> earlier(owner, method, row))
			.optional();
	}

	private static IdempotencyKey.Earlier earlier(Owner owner, UploadMethod method, ResultSet row) throws SQLException {
		FileId id = new FileId(row.getString("file_id"));
		boolean isSame = row.getString("style").equals(method.name());
		Optional<Instant> answeredAt = Sql.instant(row, "answered_at");
		boolean isAnswered = answeredAt.isPresent();
		boolean isPending = row.getInt("pending") > 0;
		Optional<IdempotencyKey.Asked> asked = (row.getString("purpose") != null) ? Optional.of(asked(row))
				: Optional.empty();
		Optional<StoredFile> file = (isSame && asked.isPresent() && (isAnswered || isPending))
				? Optional.of(new StoredFile(id, owner, method, isAnswered ? FileStatus.AVAILABLE : FileStatus.PENDING,
						asked.get().purpose(), asked.get().name(), row.getString("content_type"), asked.get().bytes(),
						Instant.ofEpochSecond(row.getLong("created_at")), Sql.instant(row, "expires_at"),
						(method == UploadMethod.PRESIGNED) ? ObjectKeys.staging(id) : ObjectKeys.upload(id),
						asked.get().crc32c(), asked.get().metadata()))
				: Optional.empty();
		return new IdempotencyKey.Earlier(id, isSame, Instant.ofEpochSecond(row.getLong("kept_until")), answeredAt,
				isPending, asked, file);
	}

	private static IdempotencyKey.Asked asked(ResultSet row) throws SQLException {
		long lifetime = row.getLong("lifetime");
		Optional<Duration> asked = row.wasNull() ? Optional.empty() : Optional.of(Duration.ofSeconds(lifetime));
		long crc32c = row.getLong("crc32c");
		OptionalLong sum = row.wasNull() ? OptionalLong.empty() : OptionalLong.of(crc32c);
		return new IdempotencyKey.Asked(Purpose.valueOf(row.getString("purpose")),
				new FileName(row.getString("filename")), row.getLong("bytes"), asked, sum,
				Optional.ofNullable(row.getString("pairs")));
	}

	/** Removes a request without an answer; false if it has one, or has lost the key. */
	boolean free(Owner owner, IdempotencyKey key, FileId file) {
		return this.changes.update(this.jdbc.sql("""
				DELETE FROM idempotency_key
				WHERE owner = :owner AND key = :key AND file_id = :id AND created_at IS NULL""")
			.param("owner", owner.name())
			.param("key", key.value())
			.param("id", file.value())) > 0;
	}

	/**
	 * Whether a file was ever available, even if it was removed up to a week ago.
	 */
	boolean wasCompleted(FileId id) {
		return this.jdbc.sql("""
				SELECT id FROM file WHERE id = :id AND (position > 0 OR status = 'AVAILABLE')
				UNION ALL
				SELECT id FROM removed_file WHERE id = :id""")
			.param("id", id.value())
			.query(String.class)
			.list()
			.size() > 0;
	}

	/**
	 * Lets bytes of a pending file arrive until the given time, if that is later; false
	 * if it is no longer pending.
	 */
	boolean extend(FileId id, Instant uploadEndsAt) {
		return this.changes.update(this.jdbc.sql("""
				UPDATE file SET
					upload_ends_at = CASE WHEN upload_ends_at < :ends THEN :ends ELSE upload_ends_at END,
					sweep_at = CASE WHEN sweep_at < :ends THEN :ends ELSE sweep_at END
				WHERE id = :id AND status = 'PENDING'""")
			.param("id", id.value())
			.param("ends", uploadEndsAt.getEpochSecond())) > 0;
	}

	/** Until when bytes of a pending file may arrive. */
	Optional<Instant> uploadEndsAt(FileId id) {
		return this.jdbc.sql("SELECT upload_ends_at FROM file WHERE id = :id AND status = 'PENDING'")
			.param("id", id.value())
			.query((row, number) -> Sql.instant(row, "upload_ends_at"))
			.optional()
			.flatMap((ends) -> ends);
	}

}
