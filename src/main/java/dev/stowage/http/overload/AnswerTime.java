package dev.stowage.http.overload;

import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * How slowly the client of a connection may read an answer. Tomcat limits only the time
 * between two bytes, so a client that reads single bytes would never be disconnected.
 * Only time spent waiting for the client counts. One thread at a time writes to a
 * connection.
 */
final class AnswerTime {

	private final LongSupplier nanoTime;

	private long window = Long.MAX_VALUE;

	private long bytesPerWindow;

	/** When the current wait for the client began; 0: no wait. */
	private long waiting;

	private long waited;

	private long bytes;

	AnswerTime(LongSupplier nanoTime) {
		this.nanoTime = nanoTime;
	}

	/**
	 * Begins an answer.
	 * @param window a time of waiting for the client
	 * @param bytesPerWindow how many bytes the client must take in that time
	 */
	void begin(Duration window, long bytesPerWindow) {
		this.window = window.toNanos();
		this.bytesPerWindow = bytesPerWindow;
		this.waiting = 0;
		this.waited = 0;
		this.bytes = 0;
	}

	/**
	 * Must be called after each write.
	 * @param count how many bytes have been taken
	 * @param left whether bytes are left that the client must take
	 * @throws SocketTimeoutException if it has taken too few
	 */
	void wrote(int count, boolean left) throws SocketTimeoutException {
		if (this.waiting == 0 && !left) {
			this.bytes += Math.max(count, 0);
			return;
		}
		long now = this.nanoTime.getAsLong() | 1;
		if (this.waiting != 0) {
			this.waited += now - this.waiting;
		}
		this.waiting = left ? now : 0;
		this.bytes += Math.max(count, 0);
		if (this.waited >= this.window) {
			if (this.bytes < this.bytesPerWindow) {
				throw new SocketTimeoutException("The client read the answer too slowly");
			}
			this.waited = 0;
			this.bytes = 0;
		}
	}

}
