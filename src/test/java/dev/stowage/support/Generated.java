package dev.stowage.support;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** Any number of bytes, which take no memory and notify a test when they are read. */
public final class Generated extends InputStream {

	private final long length;

	private final int most;

	private final Listener onRead;

	private long position;

	public Generated(long length) {
		this(length, Integer.MAX_VALUE, (position) -> {
		});
	}

	/**
	 * Returns its bytes in pieces.
	 * @param most the most bytes to return in one read
	 * @param onRead receives the position before each piece
	 */
	public Generated(long length, int most, Listener onRead) {
		this.length = length;
		this.most = most;
		this.onRead = onRead;
	}

	@Override
	public int read() throws IOException {
		byte[] one = new byte[1];
		return (read(one, 0, 1) < 0) ? -1 : one[0] & 0xFF;
	}

	@Override
	public int read(byte[] buffer, int offset, int count) throws IOException {
		this.onRead.reading(this.position);
		if (this.position == this.length) {
			return -1;
		}
		int given = (int) Math.min(Math.min(count, this.most), this.length - this.position);
		Arrays.fill(buffer, offset, offset + given, (byte) 'x');
		this.position += given;
		return given;
	}

	/** What happens while a client sends. */
	public interface Listener {

		void reading(long position) throws IOException;

	}

}
