package dev.stowage.file;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

import dev.stowage.storage.ObjectKey;
import dev.stowage.storage.ObjectStore;
import dev.stowage.storage.ObjectStoreException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/**
 * The only cleaner: removes the bytes and rows of deleted, expired and abandoned files,
 * and what uploads left beside finished ones. Any number of instances may sweep at once;
 * what one claims and does not get done is due again when its claim runs out.
 */
@Component
class Sweeper {

	private static final Logger logger = LoggerFactory.getLogger(Sweeper.class);

	/** So few that they are cleaned within their claim by a store that answers. */
	private static final int BATCH = 10;

	/** So many failures in one sweep mean that the store is away. */
	private static final int MAX_FAILURES = 10;

	private static final Duration CLAIM = Duration.ofMinutes(2);

	private final SweepRepository rows;

	private final ObjectStore store;

	private final Clock clock;

	private final Counter cleaned;

	private final Counter failed;

	private volatile boolean stopping;

	private volatile Instant lastEnd = Instant.EPOCH;

	Sweeper(SweepRepository rows, ObjectStore store, Clock clock, MeterRegistry meters) {
		this.rows = rows;
		this.store = store;
		this.clock = clock;
		this.cleaned = meters.counter("stowage.sweeper", "outcome", "cleaned");
		this.failed = meters.counter("stowage.sweeper", "outcome", "failed");
		Gauge.builder("stowage.sweeper.ended", this, (sweeper) -> sweeper.lastEnd.getEpochSecond())
			.baseUnit("seconds")
			.description("When the last whole sweep ended, in Unix time")
			.register(meters);
	}

	/**
	 * Ends a round early when the server stops: what is left is due for any other copy.
	 */
	@EventListener
	void end(ContextClosedEvent event) {
		this.stopping = true;
	}

	/** Cleans whatever is due. What fails is tried again when its claim runs out. */
	void sweep() {
		sweep(this.clock.instant());
	}

	/**
	 * Cleans whatever is due at a time, though the clock be set forward or back
	 * meanwhile.
	 */
	void sweep(Instant now) {
		int cleaned = 0;
		int failed = 0;
		try {
			boolean more = true;
			while (more && failed < MAX_FAILURES && !this.stopping) {
				Instant current = this.clock.instant();
				Instant until = current.plus(CLAIM);
				List<Leftover> due = this.rows.claimDue(current.isBefore(now) ? current : now, until, BATCH);
				for (Leftover leftover : due) {
					if (this.stopping) {
						break;
					}
					if (clean(leftover, until)) {
						cleaned++;
					}
					else {
						failed++;
					}
				}
				// a short batch is not the last: another sweeper may have its rest
				more = !due.isEmpty();
			}
			if (!more) {
				this.lastEnd = this.clock.instant();
			}
		}
		catch (DataAccessException ex) {
			logger.warn("The sweep stopped early, the database failed: {}", ex.getMessage());
		}
		this.cleaned.increment(cleaned);
		this.failed.increment(failed);
		if (cleaned + failed > 0) {
			logger.info("Swept: {} cleaned, {} failed", cleaned, failed);
		}
	}

	private boolean clean(Leftover leftover, Instant claimedUntil) {
		try {
			if (leftover.status() == FileStatus.DELETING) {
				remove(leftover, claimedUntil);
			}
			else {
				tidy(leftover);
			}
			return true;
		}
		catch (ObjectStoreException ex) {
			logger.warn("Could not sweep {} (again in {}): {}", leftover.id(), CLAIM, ex.getMessage());
			return false;
		}
	}

	/** While bytes may still come, the row stays to name them. */
	private void remove(Leftover leftover, Instant claimedUntil) {
		// asked before the bytes go, so that none can come between
		Optional<Instant> again = uploadStillOpenUntil(leftover);
		if (leftover.style() == Style.PRESIGNED) {
			this.store.delete(ObjectKeys.staging(leftover.id()));
			deleteCopies(leftover);
		}
		else {
			this.store.deleteUploads(leftover.key());
		}
		if (again.isPresent()) {
			this.rows.sweepAgain(leftover.id(), FileStatus.DELETING, again);
		}
		else {
			this.rows.remove(leftover.id(), claimedUntil);
		}
	}

	/** Removes the staged bytes of a completed file, and copies that lost. */
	private void tidy(Leftover leftover) {
		Optional<Instant> next = uploadStillOpenUntil(leftover)
			.filter((end) -> leftover.expiresAt().map(end::isBefore).orElse(true))
			.or(leftover::expiresAt);
		this.store.delete(ObjectKeys.staging(leftover.id()));
		deleteCopies(leftover);
		this.rows.sweepAgain(leftover.id(), FileStatus.AVAILABLE, next);
	}

	private void deleteCopies(Leftover leftover) {
		for (int number = 1; number <= leftover.copies(); number++) {
			ObjectKey copy = ObjectKeys.copy(leftover.id(), number);
			if (leftover.status() == FileStatus.DELETING || !copy.equals(leftover.key())) {
				this.store.delete(copy);
			}
		}
	}

	private Optional<Instant> uploadStillOpenUntil(Leftover leftover) {
		return leftover.uploadEndsAt().filter((end) -> end.isAfter(this.clock.instant()));
	}

}
