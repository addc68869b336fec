package dev.stowage.sweep;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

import dev.stowage.storage.ObjectStore;
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
 * and the remains of finished uploads. It claims rows in batches, in the order of
 * {@link DueFiles}. A row that fails is tried again after a pause that doubles, after all
 * other rows. Any number of instances may sweep at the same time; a row that one claims
 * and does not finish is due again when the claim runs out.
 */
@Component
class Sweeper {

	private static final Logger logger = LoggerFactory.getLogger(Sweeper.class);

	private static final int BATCH = 500;

	/** After this many batches, one batch of rows that failed before is tried. */
	private static final int TURN = 10;

	/** A round ends after this time, so that files deleted since then get their turn. */
	private static final int MAX_BATCHES = 20;

	private static final Duration MAX_ROUND = Duration.ofSeconds(30);

	/** How many failures are logged one by one. */
	private static final int MAX_TOLD = 10;

	private final SweepRepository rows;

	private final Erasure erasure;

	private final UnusualShare share;

	private final Clock clock;

	private final Counter cleaned;

	private final Counter failed;

	/** Keeps its place among the owners from one sweep to the next. */
	private final DueFiles due;

	private final Brake brake = new Brake();

	private final Brake brakeOfFailed = new Brake();

	private volatile boolean stopping;

	private volatile Instant lastEnd = Instant.EPOCH;

	Sweeper(SweepRepository rows, ObjectStore store, UnusualShare share, Clock clock, MeterRegistry meters) {
		this.rows = rows;
		this.due = new DueFiles(rows);
		this.erasure = new Erasure(store);
		this.share = share;
		this.clock = clock;
		this.cleaned = meters.counter("stowage.sweeper", "outcome", "cleaned");
		this.failed = meters.counter("stowage.sweeper", "outcome", "failed");
		Gauge.builder("stowage.sweeper.ended", this, (sweeper) -> sweeper.lastEnd.getEpochSecond())
			.baseUnit("seconds")
			.description("When the last sweep finished without an obstacle, in Unix time")
			.register(meters);
	}

	/**
	 * Ends a round early when the server stops. The remaining rows are due for any other
	 * instance.
	 */
	@EventListener
	void end(ContextClosedEvent event) {
		this.stopping = true;
	}

	/** Removes everything that is due. */
	void sweep() {
		End end;
		do {
			end = sweep(this.clock.instant());
		}
		while (end == End.EARLY);
	}

	/**
	 * Removes what is due at the given time, even if the clock is set during the sweep.
	 */
	synchronized End sweep(Instant now) {
		Round round = new Round(now);
		try {
			round.run();
		}
		catch (DataAccessException ex) {
			logger.warn("The sweep stopped early because the database failed: {}", ex.getMessage());
		}
		this.cleaned.increment(round.cleaned);
		this.failed.increment(round.failed);
		if (round.cleaned + round.failed > 0) {
			logger.info("Swept: {} removed, {} failed", round.cleaned, round.failed);
		}
		return (round.cleaned == 0 && round.failed > 0) ? End.FAILED : round.early ? End.EARLY : End.WHOLE;
	}

	/** How a round ended. */
	enum End {

		/** Nothing is due that can be removed now. */
		WHOLE,

		/** More is due. */
		EARLY,

		/** The store removed nothing of what it was asked to. */
		FAILED

	}

	/** One sweep of everything that is due. */
	private final class Round {

		private final Instant start;

		private int cleaned;

		private int failed;

		private boolean early;

		private Round(Instant start) {
			this.start = start;
		}

		private void run() {
			Sweeper.this.brake.release();
			Sweeper.this.brakeOfFailed.release();
			boolean expired = !Sweeper.this.share.isTooLarge(this.start);
			long began = System.nanoTime();
			boolean fresh = true;
			boolean again = true;
			for (int count = 1; (fresh || again) && !Sweeper.this.stopping; count++) {
				if (count > MAX_BATCHES || System.nanoTime() - began > MAX_ROUND.toNanos()) {
					this.early = true;
					break;
				}
				if (fresh) {
					SweptBatch batch = begin();
					fresh = clean(Sweeper.this.due.claim(expired, batch.now(), batch.until(), BATCH), batch,
							Sweeper.this.brake);
				}
				if (again && (!fresh || count % TURN == 0)) {
					SweptBatch batch = begin();
					again = clean(Sweeper.this.rows.claimAgain(expired, batch.now(), batch.until(), BATCH), batch,
							Sweeper.this.brakeOfFailed);
				}
			}
			if (!Sweeper.this.stopping && !Sweeper.this.brake.isOn()) {
				if (!this.early) {
					tellOfUnknown();
				}
				Sweeper.this.lastEnd = Sweeper.this.clock.instant();
			}
		}

		/** Returns whether more of the kind may be due. */
		private boolean clean(List<DueFile> files, SweptBatch batch, Brake brake) {
			if (files.isEmpty()) {
				return false;
			}
			Erasure.Outcome outcome = Sweeper.this.erasure.erase(files, brake,
					() -> Sweeper.this.stopping || batch.isOld());
			batch.settle(outcome, Math.max(0, MAX_TOLD - this.failed));
			this.cleaned += outcome.done().size();
			this.failed += outcome.failed().size();
			return !brake.isOn();
		}

		private SweptBatch begin() {
			return SweptBatch.begin(Sweeper.this.rows, Sweeper.this.clock, this.start);
		}

		private void tellOfUnknown() {
			int unknown = Sweeper.this.rows.unknown(this.start, BATCH);
			if (unknown > 0) {
				logger.warn("Skipped {} rows{} of a newer version of the server, which this version cannot read",
						unknown, (unknown == BATCH) ? " or more" : "");
			}
		}

	}

}
