package dev.stowage.sweep;

import java.time.Duration;

/**
 * Slows down whoever calls a store that fails: after a failure it is tried by one call at
 * a time, with a pause that doubles, and after some failures in a row not at all. One
 * success makes room for more. Used by one thread.
 */
final class Brake {

	private static final int MAX_CALLS = 20;

	private static final int MAX_FAILURES = 10;

	/** So many are tried of a store that was failing when last tried. */
	private static final int PROBES = 3;

	private static final Duration MAX_PAUSE = Duration.ofSeconds(1);

	private int calls = MAX_CALLS;

	private int failures;

	private int allowed = MAX_FAILURES;

	/** Begins anew, with a few calls where it ended with failures. */
	void release() {
		if (isOn()) {
			this.allowed = PROBES;
			this.failures = 0;
			this.calls = 1;
		}
	}

	/** Whether nothing more shall be tried. */
	boolean isOn() {
		return this.failures >= this.allowed;
	}

	/** How many calls may be made at once. */
	int calls() {
		return this.calls;
	}

	/**
	 * Learns how calls ended, and waits after failures alone.
	 * @param unsure whether calls failed that say nothing about a single file
	 */
	void learn(int successes, int failed, boolean unsure) {
		if (successes > 0) {
			this.failures = 0;
			this.allowed = MAX_FAILURES;
			this.calls = unsure ? 1 : Math.min(MAX_CALLS, this.calls * 4);
		}
		else if (failed > 0 || unsure) {
			this.failures += failed;
			this.calls = 1;
			pause();
		}
	}

	private void pause() {
		if (isOn()) {
			return;
		}
		try {
			Thread.sleep(Math.min(MAX_PAUSE.toMillis(), 2L << Math.min(this.failures, 10)));
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			this.failures = this.allowed;
		}
	}

}
