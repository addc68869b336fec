package dev.stowage.file;

import java.time.Instant;
import java.util.Optional;

import dev.stowage.storage.ObjectKey;

/**
 * A file as its owner sees it.
 *
 * @param bytes its length; 0 while pending
 * @param createdAt to the second
 * @param expiresAt from when on it is gone; empty: never
 * @param key where its bytes are, or will first be
 */
public record StoredFile(FileId id, Owner owner, Style style, FileStatus status, Purpose purpose, FileName name,
		long bytes, Instant createdAt, Optional<Instant> expiresAt, ObjectKey key) {
}
