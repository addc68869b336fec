package dev.stowage.multipart;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.function.IntSupplier;

/** Returns its bytes in pieces, like a socket, and records how it was read. */
final class SplitInputStream extends InputStream {

	private final ByteArrayInputStream bytes;

	private final IntSupplier sizes;

	private int largestRequest;

	private int ends;

	SplitInputStream(byte[] bytes, IntSupplier sizes) {
		this.bytes = new ByteArrayInputStream(bytes);
		this.sizes = sizes;
	}

	/**
	 * Reads each char as one byte.
	 */
	static SplitInputStream whole(String bytes) {
		return new SplitInputStream(bytes.getBytes(StandardCharsets.ISO_8859_1), () -> Integer.MAX_VALUE);
	}

	static SplitInputStream byteByByte(String bytes) {
		return new SplitInputStream(bytes.getBytes(StandardCharsets.ISO_8859_1), () -> 1);
	}

	static SplitInputStream random(String bytes, long seed) {
		Random random = new Random(seed);
		int most = 1 + random.nextInt(200);
		return new SplitInputStream(bytes.getBytes(StandardCharsets.ISO_8859_1), () -> 1 + random.nextInt(most));
	}

	/**
	 * Returns the first piece in one read and the rest in the next.
	 */
	static SplitInputStream at(int index, String bytes) {
		int[] size = { index };
		return new SplitInputStream(bytes.getBytes(StandardCharsets.ISO_8859_1), () -> {
			int next = size[0];
			size[0] = Integer.MAX_VALUE;
			return next;
		});
	}

	int largestRequest() {
		return this.largestRequest;
	}

	/**
	 * Returns how often the end was reached.
	 */
	int ends() {
		return this.ends;
	}

	int unread() {
		return this.bytes.available();
	}

	@Override
	public int read() {
		return this.bytes.read();
	}

	@Override
	public int read(byte[] target, int offset, int length) {
		this.largestRequest = Math.max(this.largestRequest, length);
		int count = this.bytes.read(target, offset, Math.min(length, this.sizes.getAsInt()));
		this.ends += (count < 0) ? 1 : 0;
		return count;
	}

}
