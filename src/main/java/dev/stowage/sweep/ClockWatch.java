package dev.stowage.sweep;

import java.time.Duration;
import java.time.Instant;
import java.util.function.LongSupplier;

/**
 * Compares this machine's clock with the time that really passed. Once the clock has
 * moved too far, it counts as moved until it is set back or this process ends. Used by
 * one thread.
 */
final class ClockWatch {

	private final Duration tolerance;

	private final LongSupplier passed;

	private Instant lastTime;

	private long lastPassed;

	/**
	 * Starts to watch.
	 * @param passed a nanosecond counter that changes of the clock do not affect
	 */
	ClockWatch(Instant now, Duration tolerance, LongSupplier passed) {
		this.tolerance = tolerance;
		this.passed = passed;
		this.lastTime = now;
		this.lastPassed = passed.getAsLong();
	}

	/** How far the clock has moved ahead of the time that passed. */
	Duration moved(Instant now) {
		return Duration.between(this.lastTime, now).minusNanos(this.passed.getAsLong() - this.lastPassed);
	}

	/**
	 * Whether the clock has moved too far. If not, the next comparison starts from this
	 * moment.
	 */
	boolean isMovedTooFar(Instant now) {
		if (moved(now).abs().compareTo(this.tolerance) > 0) {
			return true;
		}
		this.lastTime = now;
		this.lastPassed = this.passed.getAsLong();
		return false;
	}

}
