package dev.stowage.upload.parts;

import java.time.Instant;

import dev.stowage.storage.Checksum;
import dev.stowage.storage.ObjectKey;
import dev.stowage.upload.pending.UploadId;

/**
 * A part whose bytes have arrived.
 *
 * @param number its place among the parts of its upload in the order in which they began,
 * from 1
 * @param key where its bytes are until the upload ends
 */
public record UploadPart(PartId id, UploadId upload, int number, Checksum checksum, Instant createdAt, ObjectKey key) {

	/** The most bytes of a part: 64 MiB. */
	public static final long MAX_SIZE = 64L << 20;

	public long bytes() {
		return this.checksum.length();
	}

}
