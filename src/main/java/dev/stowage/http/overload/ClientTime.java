package dev.stowage.http.overload;

import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.function.LongSupplier;

import org.apache.tomcat.util.net.SocketWrapperBase;
import org.jspecify.annotations.Nullable;

/**
 * How long the client of a connection is waited for. Tomcat limits only the silence
 * between two bytes, so a client that sends a byte now and then would never be
 * disconnected. Here the head of a request has a time in all, and a body has a rate. Only
 * one thread at a time reads from a connection.
 */
final class ClientTime {

	private final LongSupplier nanoTime;

	private final Duration head;

	private @Nullable SocketWrapperBase<?> connection;

	/** Whether a request is under way whose head has been read. */
	private boolean serving;

	/** When the first byte of a head came; 0: none has come yet. */
	private long headBegan;

	private long window;

	private long bytesPerWindow;

	/** Since when the client has been waited for; 0: it is not. */
	private long waiting;

	private long waited;

	private long bytes;

	/**
	 * Makes one.
	 * @param head how long a head may take; not positive: as long as it wants to
	 */
	ClientTime(Duration head, LongSupplier nanoTime) {
		this.head = head;
		this.nanoTime = nanoTime;
	}

	/** A new client has connected, or the old one has left. */
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
	 * To be told of each read.
	 * @param count how many bytes have come; 0: the client is waited for from now on
	 * @throws SocketTimeoutException if it has been waited for long enough
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

	/** Never 0, which stands for none. */
	private long now() {
		return this.nanoTime.getAsLong() | 1;
	}

}
