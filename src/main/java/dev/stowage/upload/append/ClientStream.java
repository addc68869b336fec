package dev.stowage.upload.append;

import java.io.IOException;
import java.io.InputStream;

import org.jspecify.annotations.Nullable;

/**
 * What a client sends. If the connection breaks, the stream ends with what came, so that
 * it is kept, and remembers the failure.
 */
final class ClientStream extends InputStream {

	private static final int END = -1;

	private final InputStream in;

	private final boolean isKept;

	private long received;

	/** The byte that was read ahead; not yet returned if it is not the end. */
	private int ahead = END;

	private boolean ended;

	private @Nullable IOException failure;

	private boolean interrupted;

	/**
	 * Reads from a client.
	 * @param isKept whether what came before a failure is kept; otherwise the failure is
	 * thrown
	 */
	ClientStream(InputStream in, boolean isKept) {
		this.in = in;
		this.isKept = isKept;
	}

	/** How many bytes came. */
	long received() {
		return this.received;
	}

	/** Whether the client ended its request itself. */
	boolean isWhole() {
		return this.ended && this.failure == null;
	}

	/** Throws the failure that ended the stream, if one did. */
	void throwFailure() throws IOException {
		if (this.interrupted) {
			Thread.currentThread().interrupt();
		}
		if (this.failure != null) {
			throw this.failure;
		}
	}

	/** Waits until a byte has come, or the end. */
	boolean hasBytes() throws IOException {
		if (this.ahead == END && !this.ended) {
			byte[] one = new byte[1];
			if (readNow(one, 0, 1) > 0) {
				this.ahead = one[0] & 0xFF;
			}
		}
		return this.ahead != END;
	}

	@Override
	public int read() throws IOException {
		byte[] one = new byte[1];
		return (read(one, 0, 1) < 0) ? END : one[0] & 0xFF;
	}

	@Override
	public int read(byte[] buffer, int offset, int length) throws IOException {
		if (length == 0) {
			return 0;
		}
		if (this.ahead == END) {
			return readNow(buffer, offset, length);
		}
		buffer[offset] = (byte) this.ahead;
		this.ahead = END;
		return 1;
	}

	private int readNow(byte[] buffer, int offset, int length) throws IOException {
		if (this.ended) {
			return END;
		}
		try {
			int count = this.in.read(buffer, offset, length);
			this.ended = count < 0;
			this.received += Math.max(count, 0);
			return count;
		}
		catch (IOException ex) {
			if (!this.isKept) {
				throw ex;
			}
			// the store makes no calls on an interrupted thread
			this.interrupted = Thread.interrupted();
			this.failure = ex;
			this.ended = true;
			return END;
		}
	}

	@Override
	public int available() throws IOException {
		return this.ended ? 0 : this.in.available();
	}

}
