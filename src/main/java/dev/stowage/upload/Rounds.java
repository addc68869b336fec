package dev.stowage.upload;

import java.time.Duration;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Work that is repeated after pauses, whatever fails. It has a platform thread of its
 * own: no long sweep delays it, and a virtual thread may find all carriers busy.
 */
public final class Rounds {

	private static final Logger logger = LoggerFactory.getLogger(Rounds.class);

	private final String name;

	private final Supplier<Duration> pause;

	private final Runnable round;

	private volatile @Nullable Thread thread;

	/**
	 * Makes them, without starting.
	 * @param name of the thread
	 * @param pause how long to wait before each round
	 */
	public Rounds(String name, Supplier<Duration> pause, Runnable round) {
		this.name = name;
		this.pause = pause;
		this.round = round;
	}

	/** Begins with a pause. */
	public void start() {
		Thread next = Thread.ofPlatform().daemon().name(this.name).unstarted(this::runAgainAndAgain);
		this.thread = next;
		next.start();
	}

	private void runAgainAndAgain() {
		try {
			while (Thread.currentThread().equals(this.thread)) {
				Thread.sleep(this.pause.get());
				run();
			}
		}
		catch (InterruptedException ex) {
			logger.debug("The rounds of {} have ended", this.name);
		}
	}

	private void run() {
		try {
			this.round.run();
		}
		catch (Throwable ex) {
			logger.error("Unexpected failure", ex);
		}
	}

	/** Interrupts a round that is running, and does not wait for its end. */
	public void stop() {
		Thread running = this.thread;
		if (running != null) {
			this.thread = null;
			running.interrupt();
		}
	}

	/** Whether they were started and not stopped. */
	public boolean areRunning() {
		return this.thread != null;
	}

}
