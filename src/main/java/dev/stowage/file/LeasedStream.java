package dev.stowage.file;

import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Predicate;

/**
 * Renews an upload's lease as its bytes arrive, at most four times in the length of the
 * lease. A lease is a quarter longer in the database than the silence that ends an
 * upload, so that a living one is never swept.
 */
final class LeasedStream extends InputStream {

	private final InputStream in;

	private final Clock clock;

	private final Duration timeout;

	private final Predicate<Instant> renewal;

	private Instant renewAt;

	LeasedStream(InputStream in, Clock clock, Duration timeout, Predicate<Instant> renewal) {
		this.in = in;
		this.clock = clock;
		this.timeout = timeout;
		this.renewal = renewal;
		this.renewAt = clock.instant().plus(timeout.dividedBy(4));
	}

	/** When a lease that is renewed now runs out. */
	static Instant deadline(Instant now, Duration timeout) {
		return now.plus(timeout).plus(timeout.dividedBy(4)).plusSeconds(1);
	}

	@Override
	public int read() throws IOException {
		int next = this.in.read();
		renewIfDue();
		return next;
	}

	@Override
	public int read(byte[] buffer, int offset, int length) throws IOException {
		int count = this.in.read(buffer, offset, length);
		renewIfDue();
		return count;
	}

	private void renewIfDue() {
		Instant now = this.clock.instant();
		if (now.isBefore(this.renewAt)) {
			return;
		}
		if (!this.renewal.test(deadline(now, this.timeout))) {
			throw new FileException.LeaseLost();
		}
		this.renewAt = now.plus(this.timeout.dividedBy(4));
	}

}
