package dev.stowage.http.overload;

import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.function.LongSupplier;

import org.apache.tomcat.util.net.SocketWrapperBase;
import org.jspecify.annotations.Nullable;

/**
 * How long the server waits for the client of a connection. Tomcat limits only the
 * silence between two bytes, so a client that sends single bytes would never be
 * disconnected. Here the whole head of a request has a deadline, and a body has a minimum
 * rate. Only one thread at a time reads from a connection.
 */
final class ClientTime {

	private final LongSupplier nanoTime;

	private final Duration head;

	private @Nullable SocketWrapperBase<?> connection;

	/** Whether a request is in progress whose head has been read. */
	private boolean serving;

	/** When the first byte of a head arrived; 0: none has arrived yet. */
	private long headBegan;

	private long window;

	private long bytesPerWindow;

	/** When the current wait for the client began; 0: no wait. */
	private long waiting;

	private long waited;

	private long bytes;

	/**
	 * Makes one.
	 * @param head how long a head may take; not positive: no limit
	 */
	ClientTime(Duration head, LongSupplier nanoTime) {
		this.head = head;
		this.nanoTime = nanoTime;
	}

	/** A new client has connected, or the previous one has disconnected. */
	void reset(@Nullable SocketWrapperBase<?> connection) {
		this.connection = connection;
		endRequest();
	}

	/** From here on a body is read. */
	void beginRequest(Duration silence, Duration window, long bytesPerWindow) {
		this.serving = true;
		this.window = window.toNanos();
		this.bytesPerWindow = bytesPerWindow;
		this.waiting = 0;
		this.waited = 0;
		this.bytes = 0;
		setSilence(silence);
	}

	/** From here on the next head is read. */
	void endRequest() {
		this.serving = false;
		this.headBegan = 0;
		setSilence(this.head);
	}

	/** Sets how long one read waits. */
	private void setSilence(Duration silence) {
		if (this.connection != null) {
			this.connection.setReadTimeout(silence.toMillis());
		}
	}

	/**
	 * Must be called after each read.
	 * @param count how many bytes have arrived; 0: a wait for the client begins
	 * @throws SocketTimeoutException if the client has used up its time
	 */
	void read(int count) throws SocketTimeoutException {
		if (this.serving) {
			readBody(count);
		}
		else {
			readHead(count);
		}
	}

	private void readHead(int count) throws SocketTimeoutException {
		if (this.headBegan == 0) {
			if (count > 0 && this.head.isPositive()) {
				this.headBegan = now();
			}
			return;
		}
		long left = this.headBegan + this.head.toNanos() - now();
		if (left <= 0) {
			throw new SocketTimeoutException("The head of the request was not sent in time");
		}
		if (count == 0) {
			setSilence(Duration.ofNanos(left).plusMillis(1));
		}
	}

	private void readBody(int count) throws SocketTimeoutException {
		long now = now();
		if (this.waiting != 0) {
			this.waited += now - this.waiting;
		}
		this.waiting = (count == 0) ? now : 0;
		this.bytes += Math.max(count, 0);
		if (this.waited >= this.window) {
			if (this.bytes < this.bytesPerWindow) {
				throw new SocketTimeoutException("The body was sent too slowly");
			}
			this.waited = 0;
			this.bytes = 0;
		}
	}

	/** Never 0, which means no wait. */
	private long now() {
		return this.nanoTime.getAsLong() | 1;
	}

}
