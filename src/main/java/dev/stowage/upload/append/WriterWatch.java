package dev.stowage.upload.append;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/** Looks for newer requests for as long as this instance serves any. */
@Component
class WriterWatch implements SmartLifecycle {

	private static final Logger logger = LoggerFactory.getLogger(WriterWatch.class);

	private final Writers writers;

	private volatile @Nullable Thread rounds;

	WriterWatch(Writers writers) {
		this.writers = writers;
	}

	@Override
	public void start() {
		this.rounds = Thread.ofPlatform().daemon().name("writer-watch").start(this::lookAgainAndAgain);
	}

	private void lookAgainAndAgain() {
		try {
			while (true) {
				Thread.sleep(Silences.SIGN);
				look();
			}
		}
		catch (InterruptedException ex) {
			logger.debug("No writers are left to watch");
		}
	}

	/** After any failure, the next look still comes. */
	private void look() {
		try {
			this.writers.look();
		}
		catch (Throwable ex) {
			logger.error("Unexpected failure", ex);
		}
	}

	@Override
	public void stop() {
		Thread rounds = this.rounds;
		if (rounds != null) {
			rounds.interrupt();
			this.rounds = null;
		}
	}

	@Override
	public boolean isRunning() {
		return this.rounds != null;
	}

	/** Later than the web server, which has a far higher phase. */
	@Override
	public int getPhase() {
		return 0;
	}

}
