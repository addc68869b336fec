package dev.stowage.bench;

import java.nio.ByteBuffer;
import java.util.Random;

/**
 * The bytes of every file: random ones, which repeat. The null store answers with the
 * same, so that a download has the checksum of what was uploaded.
 */
final class Content {

	/** The most that is given at once. */
	static final int CHUNK = 256 * 1024;

	private static final int PERIOD = 8 * CHUNK;

	private static final ByteBuffer BYTES = bytes();

	private Content() {
	}

	private static ByteBuffer bytes() {
		byte[] period = new byte[PERIOD];
		new Random(1).nextBytes(period);
		return ByteBuffer.allocateDirect(PERIOD + CHUNK).put(period).put(period, 0, CHUNK).flip();
	}

	/** Up to a {@link #CHUNK} of a file, from an offset. */
	static ByteBuffer at(long offset, int count) {
		return BYTES.slice((int) (offset % PERIOD), count);
	}

}
