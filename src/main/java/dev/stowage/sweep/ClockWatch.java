package dev.stowage.sweep;

import java.time.Duration;
import java.time.Instant;
import java.util.function.LongSupplier;

/**
 * Compares this machine's clock with the time that really passed. Once the clock has
 * moved too far, it stays moved until it is set back or this process ends. Used by one
 * thread.
 */
final class ClockWatch {

	private final Duration tolerance;

	private final LongSupplier passed;

	private Instant lastTime;

	private long lastPassed;

	/**
	 * Begins to watch.
	 * @param passed nanoseconds from any start, which no change of the clock touches
	 */
	ClockWatch(Instant now, Duration tolerance, LongSupplier passed) {
		this.tolerance = tolerance;
		this.passed = passed;
		this.lastTime = now;
		this.lastPassed = passed.getAsLong();
	}

	/** By how much the clock has moved forward beside the time that passed. */
	Duration moved(Instant now) {
		return Duration.between(this.lastTime, now).minusNanos(this.passed.getAsLong() - this.lastPassed);
	}

	/** Whether that is too far; if not, the clock is compared with this moment next. */
	boolean isMovedTooFar(Instant now) {
		if (moved(now).abs().compareTo(this.tolerance) > 0) {
			return true;
		}
		this.lastTime = now;
		this.lastPassed = this.passed.getAsLong();
		return false;
	}

}
