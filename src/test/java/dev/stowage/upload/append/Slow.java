package dev.stowage.upload.append;

import java.io.ByteArrayInputStream;
import java.io.InputStream;

/** The bytes of a client that pauses before each mebibyte. */
final class Slow extends InputStream {

	private final ByteArrayInputStream bytes;

	private final Runnable pause;

	Slow(byte[] bytes, Runnable pause) {
		this.bytes = new ByteArrayInputStream(bytes);
		this.pause = pause;
	}

	@Override
	public int read() {
		return this.bytes.read();
	}

	@Override
	public int read(byte[] buffer, int offset, int length) {
		int left = this.bytes.available();
		if (left > 0 && left % (1 << 20) == 0) {
			this.pause.run();
		}
		int most = (left % (1 << 20) == 0) ? 1 << 20 : left % (1 << 20);
		return this.bytes.read(buffer, offset, Math.min(length, most));
	}

}
