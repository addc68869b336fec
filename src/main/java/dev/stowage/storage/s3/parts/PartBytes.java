package dev.stowage.storage.s3.parts;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The bytes of one part, in memory.
 *
 * @param buffers what holds them, all full but the last
 * @param length how many there are
 */
record PartBytes(List<byte[]> buffers, long length) {

	/** Reads them from the start, without copying them; may be called again. */
	InputStream open() {
		List<InputStream> streams = new ArrayList<>();
		long left = this.length;
		for (byte[] buffer : this.buffers) {
			int count = (int) Math.min(left, buffer.length);
			streams.add(new ByteArrayInputStream(buffer, 0, count));
			left -= count;
		}
		return (streams.size() == 1) ? streams.getFirst() : new SequenceInputStream(Collections.enumeration(streams));
	}

}
