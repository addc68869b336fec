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
 */
public record StoredFile(FileId id, Owner owner, UploadMethod method, FileStatus status, Purpose purpose, FileName name,
		String contentType, long bytes, Instant createdAt, Optional<Instant> expiresAt, ObjectKey key,
		OptionalLong crc32c) {
}
