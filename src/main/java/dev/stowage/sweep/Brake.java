package dev.stowage.sweep;

import java.time.Duration;

/**
 * Slows down calls to a failing store. After a failure, only one call at a time is made,
 * with a pause that doubles; after some failures in a row, none. A success allows more
 * calls. Used by one thread.
 */
final class Brake {

	private static final int MAX_CALLS = 20;

	private static final int MAX_FAILURES = 10;

	/** How many calls are tried on a store that failed in the last round. */
	private static final int PROBES = 3;

	private static final Duration MAX_PAUSE = Duration.ofSeconds(1);

	private int calls = MAX_CALLS;

	private int failures;

	private int allowed = MAX_FAILURES;

	/** Starts a round; with only a few calls if the last one ended with failures. */
	void release() {
		if (isOn()) {
			this.allowed = PROBES;
			this.failures = 0;
			this.calls = 1;
		}
	}

	/** Whether no more calls may be made. */
	boolean isOn() {
		return this.failures >= this.allowed;
	}

	/** How many calls may be made at the same time. */
	int calls() {
		return this.calls;
	}

	/**
	 * Records how calls ended, and waits if all of them failed.
	 * @param unsure whether calls failed for several files together, which says nothing
	 * about a single file
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
