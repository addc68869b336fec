package dev.stowage.sweep;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

import dev.stowage.database.DatabaseClock;
import dev.stowage.identity.StoreBinding;
import dev.stowage.upload.Leases;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.stereotype.Component;

/**
 * The rounds of the sweeper. Each begins only if this machine's clock can be trusted and
 * the store belongs to this database. After rounds in which the store accepted nothing,
 * the next ones are skipped.
 */
@Component
class SweepRounds {

	private static final Logger logger = LoggerFactory.getLogger(SweepRounds.class);

	/** After this many rounds, other tasks get their turn. */
	private static final int MAX_ROUNDS = 10;

	private static final Duration FIRST_PAUSE = Duration.ofMillis(250);

	private static final Duration MAX_PAUSE = Duration.ofSeconds(30);

	private final Sweeper sweeper;

	private final StagingSearch staging;

	private final ExpiredKeys keys;

	private final Leases leases;

	private final DatabaseClock shared;

	private final StoreBinding binding;

	private final Clock clock;

	private final ObservationRegistry observations;

	private final ClockWatch watch;

	private Sweeper.End end = Sweeper.End.WHOLE;

	private Duration pause = Duration.ZERO;

	private long ended = System.nanoTime();

	SweepRounds(Sweeper sweeper, StagingSearch staging, ExpiredKeys keys, Leases leases, DatabaseClock shared,
			StoreBinding binding, Clock clock, SweepProperties properties, ObservationRegistry observations) {
		this.sweeper = sweeper;
		this.staging = staging;
		this.keys = keys;
		this.leases = leases;
		this.shared = shared;
		this.binding = binding;
		this.clock = clock;
		this.observations = observations;
		this.watch = new ClockWatch(clock.instant(), properties.sweep().maxClockJump(), System::nanoTime);
	}

	/**
	 * Runs a round, if allowed, and the next ones directly after it while more is due.
	 */
	void next() {
		for (int round = 0; round < MAX_ROUNDS && nextOne() == Sweeper.End.EARLY; round++) {
			// each round reads the clock again
		}
	}

	private Sweeper.End nextOne() {
		Instant now = this.clock.instant();
		if (System.nanoTime() - this.ended < this.pause.toNanos() || isMoved(now) || this.shared.isAheadOfOthers(now)
				|| !this.binding.isOurs()) {
			return Sweeper.End.FAILED;
		}
		// otherwise a clock that was just set forward makes this instance's uploads look
		// abandoned
		this.leases.renew();
		Observation.createNotStarted("stowage.sweep", this.observations).observe(() -> sweep(now));
		return this.end;
	}

	private boolean isMoved(Instant now) {
		boolean moved = this.watch.isMovedTooFar(now);
		if (moved) {
			logger
				.error("The clock of this machine has moved by {} s since the last sweep. Nothing is swept until it is"
						+ " set right. If it is right now, restart this server", this.watch.moved(now).toSeconds());
		}
		return moved;
	}

	private void sweep(Instant now) {
		this.end = this.sweeper.sweep(now);
		boolean well = this.end != Sweeper.End.FAILED;
		this.pause = well ? Duration.ZERO
				: this.pause.isZero() ? FIRST_PAUSE : shorter(this.pause.multipliedBy(2), MAX_PAUSE);
		this.ended = System.nanoTime();
		// which needs no store
		this.keys.remove(now);
		if (well) {
			this.staging.goOn(now);
		}
	}

	private static Duration shorter(Duration one, Duration other) {
		return (one.compareTo(other) < 0) ? one : other;
	}

}
