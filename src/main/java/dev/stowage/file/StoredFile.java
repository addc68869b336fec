package dev.stowage.file;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

import dev.stowage.owner.Owner;
import dev.stowage.storage.ObjectKey;

/**
 * A file as its owner sees it.
 *
 * @param contentType its media type, such as {@code text/csv}
 * @param bytes its length; 0 while pending
 * @param createdAt to the second
 * @param expiresAt when it expires; empty: never
 * @param key where its bytes are, or will first be
 * @param crc32c of its bytes; empty where it is not known
 * @param metadata what its client said of it, as a JSON object of texts; empty: nothing
 */
public record StoredFile(FileId id, Owner owner, UploadMethod method, FileStatus status, Purpose purpose, FileName name,
		String contentType, long bytes, Instant createdAt, Optional<Instant> expiresAt, ObjectKey key,
		OptionalLong crc32c, Optional<String> metadata) {

	/** One of which its client said nothing. */
	public StoredFile(FileId id, Owner owner, UploadMethod method, FileStatus status, Purpose purpose, FileName name,
			String contentType, long bytes, Instant createdAt, Optional<Instant> expiresAt, ObjectKey key,
			OptionalLong crc32c) {
		this(id, owner, method, status, purpose, name, contentType, bytes, createdAt, expiresAt, key, crc32c,
				Optional.empty());
	}

	/** The same, of which its client said something. */
	StoredFile with(Optional<String> said) {
		return new StoredFile(this.id, this.owner, this.method, this.status, this.purpose, this.name, this.contentType,
				this.bytes, this.createdAt, this.expiresAt, this.key, this.crc32c, said);
	}

}
