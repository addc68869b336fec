package dev.stowage.event;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * How long nothing is sent to a receiver that fails: a tenth of a second, and twice as
 * long after each further failure, up to ten seconds. Used by one thread.
 */
final class ReceiverPause {

	private static final Duration FIRST = Duration.ofMillis(100);

	private static final Duration LONGEST = Duration.ofSeconds(10);

	/** However long a receiver asks for. */
	private static final Duration LONGEST_ASKED = Duration.ofHours(1);

	private final LongSupplier passed;

	private int failures;

	private Duration pause = Duration.ZERO;

	private long since;

	/**
	 * Makes one.
	 * @param passed a nanosecond counter
	 */
	ReceiverPause(LongSupplier passed) {
		this.passed = passed;
	}

	/**
	 * Begins a pause, or ends the failures.
	 * @param accepted whether the receiver accepted any of what it got last
	 * @param asked how long it asks to be left alone
	 */
	void note(boolean accepted, Duration asked) {
		this.failures = accepted ? 0 : this.failures + 1;
		Duration own = accepted ? Duration.ZERO
				: this.pause.isPositive() ? shorter(this.pause.multipliedBy(2), LONGEST) : FIRST;
		this.pause = longer(own, shorter(asked, LONGEST_ASKED));
		this.since = this.passed.getAsLong();
	}

	/** How many times in a row it accepted nothing. */
	int failures() {
		return this.failures;
	}

	/** How much of the pause is left. */
	Duration left() {
		Duration left = this.pause.minusNanos(this.passed.getAsLong() - this.since);
		return left.isPositive() ? left : Duration.ZERO;
	}

	private static Duration shorter(Duration one, Duration other) {
		return (one.compareTo(other) < 0) ? one : other;
	}

	private static Duration longer(Duration one, Duration other) {
		return (one.compareTo(other) > 0) ? one : other;
	}

}
