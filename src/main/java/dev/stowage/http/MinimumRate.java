package dev.stowage.http;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Ends requests whose bodies arrive too slowly; Tomcat alone ends only silent ones. Only
 * time spent waiting for the client counts, so a client is not blamed for the server's
 * own waiting.
 */
public final class MinimumRate {

	private static final Duration SHORT = Duration.ofSeconds(20);

	private final LongSupplier nanoTime;

	private final long window;

	private final long bytesPerWindow;

	public MinimumRate(HttpProperties properties) {
		this(properties, System::nanoTime);
	}

	public MinimumRate(HttpProperties properties, LongSupplier nanoTime) {
		this(properties, properties.uploadTimeout(), nanoTime);
	}

	private MinimumRate(HttpProperties properties, Duration window, LongSupplier nanoTime) {
		this.nanoTime = nanoTime;
		this.window = window.toNanos();
		this.bytesPerWindow = properties.leastBytesIn(window);
	}

	/** For bodies that are not files: the server does not wait long for their clients. */
	public static MinimumRate ofShortBodies(HttpProperties properties) {
		Duration window = properties.uploadTimeout();
		return new MinimumRate(properties, (window.compareTo(SHORT) < 0) ? window : SHORT, System::nanoTime);
	}

	/** The same body, which fails with a {@link TooSlowException} when it is too slow. */
	public InputStream enforcedOn(InputStream body) {
		return new Measured(body);
	}

	private final class Measured extends InputStream {

		private final InputStream body;

		private long waited;

		private long bytes;

		private Measured(InputStream body) {
			this.body = body;
		}

		@Override
		public int read() throws IOException {
			byte[] one = new byte[1];
			return (read(one, 0, 1) < 0) ? -1 : one[0] & 0xFF;
		}

		@Override
		public int read(byte[] buffer, int offset, int length) throws IOException {
			long asked = MinimumRate.this.nanoTime.getAsLong();
			int count = this.body.read(buffer, offset, length);
			this.waited += MinimumRate.this.nanoTime.getAsLong() - asked;
			this.bytes += Math.max(count, 0);
			if (count >= 0 && this.waited >= MinimumRate.this.window) {
				requireRate();
			}
			return count;
		}

		private void requireRate() throws TooSlowException {
			if (this.bytes < MinimumRate.this.bytesPerWindow) {
				throw new TooSlowException();
			}
			this.waited = 0;
			this.bytes = 0;
		}

		@Override
		public int available() throws IOException {
			return this.body.available();
		}

	}

}
