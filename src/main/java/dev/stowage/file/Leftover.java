package dev.stowage.file;

import java.time.Instant;
import java.util.Optional;

import dev.stowage.storage.ObjectKey;

/**
 * What the sweeper found due.
 *
 * @param status {@link FileStatus#DELETING}, or {@link FileStatus#AVAILABLE} where only
 * what its upload left behind is to go
 * @param key where its bytes are, or were to be
 * @param copies how many copy keys were ever named for it
 * @param uploadEndsAt until when bytes may still come; empty: none can
 * @param expiresAt from when on the file itself is gone
 */
record Leftover(FileId id, Style style, FileStatus status, ObjectKey key, int copies, Optional<Instant> uploadEndsAt,
		Optional<Instant> expiresAt) {
}
