package dev.stowage.file;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.Supplier;
import java.util.zip.CRC32C;

import dev.stowage.storage.Checksum;
import dev.stowage.storage.ObjectReplacedException;
import dev.stowage.storage.ObjectStoreException;

/**
 * All bytes of an object. The checksum is compared before the last bytes are returned, so
 * a reader that gets as many bytes as it expects has the right ones.
 */
public final class CheckedContent extends FilterInputStream {

	private final Checksum expected;

	private final Supplier<? extends RuntimeException> damage;

	private final CRC32C sum = new CRC32C();

	private long position;

	/**
	 * Checks a stream, which is closed with this one.
	 * @param damage supplies the exception for bytes that differ
	 */
	public CheckedContent(InputStream bytes, Checksum expected, Supplier<? extends RuntimeException> damage) {
		super(bytes);
		this.expected = expected;
		this.damage = damage;
	}

	@Override
	public int read() throws IOException {
		byte[] one = new byte[1];
		return (read(one, 0, 1) < 0) ? -1 : one[0] & 0xFF;
	}

	@Override
	public int read(byte[] buffer, int offset, int length) throws IOException {
		int count = readUnchecked(buffer, offset, length);
		if (count < 0 && this.position < this.expected.length()) {
			throw new ObjectStoreException("The store's answer ended too early", null);
		}
		if (count > 0) {
			this.sum.update(buffer, offset, count);
			this.position += count;
			requireRight();
		}
		return count;
	}

	/** An object that is replaced or removed while it is read is damage, too. */
	private int readUnchecked(byte[] buffer, int offset, int length) throws IOException {
		try {
			return super.read(buffer, offset, length);
		}
		catch (ObjectReplacedException ex) {
			throw this.damage.get();
		}
	}

	private void requireRight() {
		boolean over = this.position > this.expected.length();
		boolean wrong = this.position == this.expected.length() && this.sum.getValue() != this.expected.crc32c();
		if (over || wrong) {
			throw this.damage.get();
		}
	}

	/** Reads the skipped bytes, because they are part of the checksum. */
	@Override
	public long skip(long count) throws IOException {
		byte[] skipped = new byte[Math.clamp(count, 0, 8 * 1024)];
		return Math.max(0, read(skipped, 0, skipped.length));
	}

	@Override
	public boolean markSupported() {
		return false;
	}

}
