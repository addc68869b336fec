package dev.stowage.upload;

import java.time.Duration;

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

	private final Rounds rounds;

	LeaseRenewal(Leases leases) {
		this.leases = leases;
		this.rounds = new Rounds("lease-renewal", leases::interval, leases::renew);
	}

	/**
	 * On a thread of their own, because an upload whose lease is not renewed is swept
	 * while it is being received.
	 */
	@Override
	public void start() {
		this.rounds.start();
	}

	@Override
	public void stop() {
		// Tomcat closes a connection but does not wake the thread that reads from it
		this.leases.interrupt();
		awaitEndOfUploads();
		this.rounds.stop();
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
		return this.rounds.areRunning();
	}

	/** The web server's phase is far higher: it starts later and stops earlier. */
	@Override
	public int getPhase() {
		return 0;
	}

}
