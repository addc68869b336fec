package dev.stowage.upload;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import dev.stowage.database.Changes;
import dev.stowage.file.FileId;
import dev.stowage.file.StoredFile;
import dev.stowage.owner.Owner;
import dev.stowage.quota.QuotaException;
import dev.stowage.storage.ObjectKey;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * The rows of files whose bytes are still to arrive: what an upload writes before, during
 * and after their transfer.
 * <p>
 * Every change is one statement, or two that take effect together, conditional on the
 * state that it leaves. Times are kept to the second. Every method throws Spring's
 * {@code DataAccessException} when the database fails.
 */
@Repository
class UploadRepository {

	/** Databases limit the number of parameters: PostgreSQL to 65,535. */
	private static final int RENEWED_AT_ONCE = 1_000;

	private static final String ADD = """
			INSERT INTO file (id, owner, style, status, bytes, declared_bytes, created_at, object_key, copies, sweep_at)
			SELECT :id, :owner, 'MULTIPART', 'PENDING', 0, :declared, :created, :place, 0, :deadline""";

	private static final String COMPLETE = """
			UPDATE file SET status = 'AVAILABLE', purpose = :purpose, filename = :filename, content_type = :type,
				bytes = :bytes, created_at = :created, expires_at = :expires, sweep_at = :expires, crc32c = :crc32c,
				pairs = :pairs
			WHERE id = :id AND status = 'PENDING'""";

	private final JdbcClient jdbc;

	private final Changes changes;

	UploadRepository(JdbcClient jdbc, Changes changes) {
		this.jdbc = jdbc;
		this.changes = changes;
	}

	/**
	 * Adds a pending file whose bytes go directly to the store until the given time;
	 * false if another pending file of its owner has the slot.
	 * @param bytes how many it will have; 0 if that is unknown
	 * @throws QuotaException when its owner may not have so much
	 */
	boolean addPresigned(StoredFile file, long bytes, Instant uploadEndsAt, int slot) {
		this.changes.requireRoom();
		return QuotaException.orMade(bytes, () -> this.changes.update(this.jdbc.sql("""
				INSERT INTO file (id, owner, style, status, purpose, filename, content_type, bytes, declared_bytes,
					created_at, expires_at, object_key, copies, upload_ends_at, sweep_at, pending_slot, pairs)
				VALUES (:id, :owner, 'PRESIGNED', 'PENDING', :purpose, :filename, :type, 0, :declared, :created,
					:expires, :key, 0, :uploadEnds, :uploadEnds, :slot, :pairs)
				ON CONFLICT (owner, pending_slot) WHERE status = 'PENDING' AND pending_slot IS NOT NULL DO NOTHING""")
			.param("id", file.id().value())
			.param("owner", file.owner().name())
			.param("purpose", file.purpose().name())
			.param("filename", file.name().value())
			.param("type", file.contentType())
			.param("declared", bytes)
			.param("created", file.createdAt().getEpochSecond())
			.param("expires", file.expiresAt().map(Instant::getEpochSecond).orElse(null))
			.param("key", file.key().value())
			.param("uploadEnds", uploadEndsAt.getEpochSecond())
			.param("slot", slot)
			.param("pairs", file.metadata().orElse(null)))) > 0;
	}

	/**
	 * Counts a pending file with its size from now on, unless it is counted with a larger
	 * one.
	 * @throws QuotaException when its owner may not have so much
	 */
	void declare(FileId id, long bytes) {
		QuotaException.orMade(bytes,
				() -> this.changes.update(this.jdbc.sql("""
						UPDATE file SET declared_bytes = :bytes
						WHERE id = :id AND status = 'PENDING' AND coalesce(declared_bytes, 0) < :bytes""")
					.param("id", id.value())
					.param("bytes", bytes)));
	}

	/** Returns if the database's disk has room for another file. */
	void requireRoom() {
		this.changes.requireRoom();
	}

	/**
	 * Adds a pending upload without any details.
	 * @throws QuotaException when its owner may not have so much
	 */
	void addMultipart(BegunUpload upload) {
		this.changes.requireRoom();
		QuotaException.orMade(upload.leastBytes(),
				() -> this.changes.update(this.jdbc.sql(ADD).params(parameters(upload))));
	}

	/**
	 * Adds a pending upload together with its key; false, and nothing is changed, if
	 * there is a row of the key.
	 * @param keptUntil when the key expires if there is no answer
	 * @throws QuotaException when its owner may not have so much
	 */
	boolean addMultipart(BegunUpload upload, IdempotencyKey key, Instant keptUntil) {
		this.changes.requireRoom();
		Map<String, Object> parameters = parameters(upload);
		parameters.put("key", key.value());
		parameters.put("kept", keptUntil.getEpochSecond());
		return QuotaException
			.orMade(upload.leastBytes(), () -> this.changes.updateInTurn(parameters,
					List.of(IdempotencyRepository.ADD_MULTIPART, ADD + " WHERE " + IdempotencyRepository.HAS_KEY)))
			.getLast() > 0;
	}

	private static Map<String, Object> parameters(BegunUpload upload) {
		return new HashMap<>(Map.of("id", upload.id().value(), "owner", upload.owner().name(), "declared",
				upload.leastBytes(), "created", upload.createdAt().getEpochSecond(), "place", upload.place().value(),
				"deadline", upload.deadline().getEpochSecond()));
	}

	/**
	 * Moves the deadline of pending uploads, and returns those that are still pending.
	 */
	Set<FileId> renew(Set<FileId> ids, Instant deadline) {
		Set<FileId> renewed = new HashSet<>();
		List<FileId> all = List.copyOf(ids);
		for (int from = 0; from < all.size(); from += RENEWED_AT_ONCE) {
			renewed.addAll(renew(all.subList(from, Math.min(from + RENEWED_AT_ONCE, all.size())), deadline));
		}
		return renewed;
	}

	private Set<FileId> renew(List<FileId> ids, Instant deadline) {
		return this.changes.make(() -> this.jdbc.sql("""
				UPDATE file SET sweep_at = :deadline WHERE status = 'PENDING' AND id IN (:ids) RETURNING id""")
			.param("ids", ids.stream().map(FileId::value).toList())
			.param("deadline", deadline.getEpochSecond())
			.query((row, number) -> new FileId(row.getString("id")))
			.set());
	}

	/**
	 * Makes a pending upload available, created at this moment; false when it is no
	 * longer pending.
	 * @throws QuotaException when its owner may not have so much
	 */
	boolean completeMultipart(StoredFile file) {
		return QuotaException.orMade(file.bytes(),
				() -> this.changes.update(this.jdbc.sql(COMPLETE).params(parameters(file)))) > 0;
	}

	/**
	 * Makes a pending upload available, and sets the answer of its key; false, and
	 * nothing is changed, when it is no longer pending or has lost the key.
	 * @param lifetime for which the client asked
	 * @throws QuotaException when its owner may not have so much
	 */
	boolean completeMultipart(StoredFile file, IdempotencyKey key, Optional<Duration> lifetime) {
		Map<String, @Nullable Object> parameters = parameters(file);
		parameters.put("key", key.value());
		parameters.put("lifetime", lifetime.map(Duration::toSeconds).orElse(null));
		// the file first: nobody takes the key of one that is pending
		return QuotaException
			.orMade(file.bytes(),
					() -> this.changes.updateInTurn(parameters,
							List.of(COMPLETE + " AND " + IdempotencyRepository.HAS_KEY, IdempotencyRepository.ANSWER)))
			.getFirst() > 0;
	}

	private static Map<String, @Nullable Object> parameters(StoredFile file) {
		Map<String, @Nullable Object> all = new HashMap<>();
		all.put("id", file.id().value());
		all.put("owner", file.owner().name());
		all.put("purpose", file.purpose().name());
		all.put("filename", file.name().value());
		all.put("type", file.contentType());
		all.put("bytes", file.bytes());
		all.put("created", file.createdAt().getEpochSecond());
		all.put("crc32c", file.crc32c().isPresent() ? file.crc32c().getAsLong() : null);
		all.put("expires", file.expiresAt().map(Instant::getEpochSecond).orElse(null));
		all.put("pairs", file.metadata().orElse(null));
		return all;
	}

	/**
	 * Marks an upload as failed, whatever its row says: it is due for the sweeper
	 * immediately. A row that was already swept is written again, because bytes may have
	 * arrived after that.
	 * @param uploadEndsAt until when bytes may still arrive in the store
	 */
	void abandon(FileId id, Owner owner, ObjectKey key, Instant now, Instant uploadEndsAt) {
		this.changes.update(this.jdbc.sql("""
				INSERT INTO file (id, owner, style, status, bytes, created_at, object_key, copies,
					upload_ends_at, sweep_at)
				VALUES (:id, :owner, 'MULTIPART', 'DELETING', 0, :now, :key, 0, :uploadEnds, :now)
				ON CONFLICT (id) DO UPDATE SET status = 'DELETING', upload_ends_at = :uploadEnds, sweep_at = :now""")
			.param("id", id.value())
			.param("owner", owner.name())
			.param("key", key.value())
			.param("now", now.getEpochSecond())
			.param("uploadEnds", uploadEndsAt.getEpochSecond()));
	}

	/**
	 * An upload through the server of which no byte has come.
	 *
	 * @param leastBytes as many as the file has at least
	 * @param place where its bytes go
	 * @param deadline when it is due for the sweeper, unless it is renewed
	 */
	record BegunUpload(FileId id, Owner owner, long leastBytes, Instant createdAt, ObjectKey place, Instant deadline) {
	}

}
