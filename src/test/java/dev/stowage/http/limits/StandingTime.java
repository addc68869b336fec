package dev.stowage.http.limits;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

import io.github.bucket4j.TimeMeter;

/** A monotonic time that does not pass until a test lets it. */
final class StandingTime implements TimeMeter {

	private final AtomicLong nanos = new AtomicLong(System.nanoTime());

	void pass(Duration time) {
		this.nanos.addAndGet(time.toNanos());
	}

	@Override
	public long currentTimeNanos() {
		return this.nanos.get();
	}

	@Override
	public boolean isWallClockBased() {
		return false;
	}

}
