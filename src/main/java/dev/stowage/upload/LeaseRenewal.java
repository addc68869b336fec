package dev.stowage.upload;

import java.time.Duration;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Renews the leases from before the web server starts until after it has stopped: Spring
 * ends its own scheduled tasks before the last requests, and those may take long. What
 * was cut then gets a moment to give up its row and its parts, before database and store
 * are closed.
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
	 * On a thread of its own, so that no sweep, however long, keeps it waiting; on one of
	 * the platform's, as a virtual one may find all carriers busy, and an upload whose
	 * lease is not renewed is swept while it comes.
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

	/** Whatever fails, there is a next time. */
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
		// Tomcat closes a connection, but does not wake who reads from it
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
			logger.warn("Left {} uploads to their deadline", this.leases.size());
		}
	}

	@Override
	public boolean isRunning() {
		return this.rounds != null;
	}

	/** The web server's is far higher: it starts later, and stops before. */
	@Override
	public int getPhase() {
		return 0;
	}

}
