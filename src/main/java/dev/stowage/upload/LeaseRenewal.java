package dev.stowage.upload;

import java.time.Duration;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Renews the leases from before the web server starts until after it has stopped: Spring
 * ends its own scheduled tasks before the last requests, which may take long. Uploads
 * that are interrupted then get a moment to mark their rows as failed and to abort their
 * parts, before the database and the store are closed.
 */
@Component
class LeaseRenewal implements SmartLifecycle {

	private static final Logger logger = LoggerFactory.getLogger(LeaseRenewal.class);

	private static final Duration LAST_MOMENT = Duration.ofSeconds(10);

	private static final Duration STEP = Duration.ofMillis(50);

	private final Leases leases;

	private volatile @Nullable Thread rounds;

	LeaseRenewal(Leases leases) {
		this.leases = leases;
	}

	/**
	 * Runs on its own thread, so that no long sweep delays it. It is a platform thread,
	 * because a virtual one may find all carriers busy, and an upload whose lease is not
	 * renewed is swept while it is being received.
	 */
	@Override
	public void start() {
		this.rounds = Thread.ofPlatform().daemon().name("lease-renewal").start(this::renewAgainAndAgain);
	}

	private void renewAgainAndAgain() {
		try {
			while (true) {
				Thread.sleep(this.leases.interval());
				renew();
			}
		}
		catch (InterruptedException ex) {
			logger.debug("No leases are left to renew");
		}
	}

	/** After any failure, the next renewal still runs. */
	private void renew() {
		try {
			this.leases.renew();
		}
		catch (Throwable ex) {
			logger.error("Unexpected failure", ex);
		}
	}

	@Override
	public void stop() {
		// Tomcat closes a connection but does not wake the thread that reads from it
		this.leases.interrupt();
		awaitEndOfUploads();
		Thread rounds = this.rounds;
		if (rounds != null) {
			rounds.interrupt();
			this.rounds = null;
		}
	}

	private void awaitEndOfUploads() {
		long end = System.nanoTime() + LAST_MOMENT.toNanos();
		try {
			while (this.leases.size() > 0 && System.nanoTime() < end) {
				Thread.sleep(STEP);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		if (this.leases.size() > 0) {
			logger.warn("Could not mark {} uploads as failed; the sweeper removes them after their deadlines",
					this.leases.size());
		}
	}

	@Override
	public boolean isRunning() {
		return this.rounds != null;
	}

	/** The web server's phase is far higher: it starts later and stops earlier. */
	@Override
	public int getPhase() {
		return 0;
	}

}
