package dev.stowage.upload.parts;

import dev.stowage.file.FileId;
import dev.stowage.file.ObjectKeys;
import dev.stowage.storage.ObjectKey;

/**
 * How a file is cut into parts of equal size, the last of which may be smaller. Two
 * numbers, which its row holds, say it all.
 *
 * @param bytes of the file
 * @param count how many parts it has
 */
record PartLayout(long bytes, int count) {

	/** Small enough to send again after a lost connection. */
	private static final long USUAL_SIZE = 16L << 20;

	static PartLayout of(long bytes) {
		return new PartLayout(bytes, (int) Math.min(PartProperties.MAX_PARTS, Math.ceilDiv(bytes, USUAL_SIZE)));
	}

	/** The size of the part with a number from 1. */
	long size(int number) {
		long each = Math.ceilDiv(this.bytes, this.count);
		return (number < this.count) ? each : this.bytes - each * (this.count - 1);
	}

	ObjectKey key(FileId id, int number) {
		return ObjectKeys.part(id, number);
	}

}
