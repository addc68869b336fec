package dev.stowage.storage.s3;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Objects;
import java.util.function.LongFunction;

import dev.stowage.storage.ObjectKey;
import dev.stowage.storage.ObjectReplacedException;
import dev.stowage.storage.ObjectStoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/**
 * The bytes of an object. A store may end an answer whose reader pauses or is slow, so
 * when an answer fails or ends early, the rest is fetched again from where it stopped.
 * Only a limited number of such attempts in a row may get no byte. A failed read is
 * reported as the store's failure, to distinguish it from a failure of the client that
 * receives the bytes.
 */
final class S3Stream extends InputStream {

	private static final Logger logger = LoggerFactory.getLogger(S3Stream.class);

	/** How often in a row the rest is fetched again without getting a byte. */
	private static final int ATTEMPTS = 6;

	/** The time after which there is no further such attempt. */
	private static final long PATIENCE = Duration.ofMinutes(1).toNanos();

	private final ObjectKey key;

	private final long length;

	private final LongFunction<ResponseInputStream<GetObjectResponse>> rest;

	private final Duration firstPause;

	private ResponseInputStream<GetObjectResponse> body;

	private long position;

	private volatile boolean closed;

	/**
	 * Begins with an answer that was opened already.
	 * @param rest opens the bytes from a position on
	 * @param firstPause before the second attempt in a row; it doubles before each
	 * further one
	 */
	S3Stream(ObjectKey key, long length, ResponseInputStream<GetObjectResponse> body,
			LongFunction<ResponseInputStream<GetObjectResponse>> rest, Duration firstPause) {
		this.key = key;
		this.length = length;
		this.body = body;
		this.rest = rest;
		this.firstPause = firstPause;
	}

	@Override
	public int read() {
		byte[] one = new byte[1];
		return (read(one, 0, 1) < 0) ? -1 : one[0] & 0xFF;
	}

	@Override
	public int read(byte[] buffer, int offset, int count) {
		Objects.checkFromIndexSize(offset, count, buffer.length);
		if (count == 0 || this.position == this.length) {
			return (count == 0) ? 0 : -1;
		}
		int most = (int) Math.min(count, this.length - this.position);
		long begun = System.nanoTime();
		for (int failed = 0;; failed++) {
			try {
				if (failed > 0) {
					reopen(failed);
				}
				return readSome(buffer, offset, most);
			}
			catch (ObjectReplacedException ex) {
				throw ex;
			}
			catch (IOException | RuntimeException ex) {
				boolean over = this.closed || failed == ATTEMPTS || Thread.currentThread().isInterrupted()
						|| System.nanoTime() - begun > PATIENCE;
				if (over) {
					throw new ObjectStoreException("Reading " + this.key + " failed: " + ex, ex);
				}
				logger.debug("Reading {} failed at byte {}: {}", this.key, this.position, ex.toString());
			}
		}
	}

	private int readSome(byte[] buffer, int offset, int most) throws IOException {
		int read = this.body.read(buffer, offset, most);
		if (read < 0) {
			throw new EOFException("The answer ended too early");
		}
		this.position += read;
		return read;
	}

	/** An answer may break at any time, so the first attempt comes without a pause. */
	private void reopen(int attempt) {
		this.body.abort();
		if (attempt > 1) {
			pause(this.firstPause.multipliedBy(1L << (attempt - 2)));
		}
		this.body = this.rest.apply(this.position);
		if (this.closed) {
			this.body.abort();
		}
	}

	private static void pause(Duration duration) {
		try {
			Thread.sleep(duration);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException("The thread was interrupted", ex);
		}
	}

	/** Closes the connection if bytes are left, instead of reading them all. */
	@Override
	public void close() throws IOException {
		this.closed = true;
		if (this.position < this.length) {
			this.body.abort();
		}
		this.body.close();
	}

}
