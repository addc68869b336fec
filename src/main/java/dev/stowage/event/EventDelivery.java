package dev.stowage.event;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import dev.stowage.event.Receiver.Answer;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;

/**
 * Delivers events: at least once, those of a file in their order, and each again after a
 * pause until it is accepted or three days old. It looks for them several times a second,
 * so no request waits for it. After attempts of which none succeeded, everything waits,
 * and the next attempt is with one event. Any number of instances may deliver at the same
 * time; an event that one claims and does not finish is due again when the claim runs
 * out.
 */
class EventDelivery implements SmartLifecycle {

	/** How long an exchange may take as a whole. */
	static final Duration EXCHANGE = Duration.ofSeconds(15);

	private static final Logger logger = LoggerFactory.getLogger(EventDelivery.class);

	private static final Duration LOOK = Duration.ofMillis(200);

	private static final Duration AFTER_FAULT = Duration.ofSeconds(1);

	/** Longer than an exchange and the statements around it. */
	private static final Duration CLAIM = Duration.ofMinutes(1);

	/** How long an event is kept that nobody accepts. */
	private static final Duration KEPT = Duration.ofDays(3);

	private static final int DROPPED_AT_ONCE = 1_000;

	/** After this many failures in a row, the log says that the receiver fails. */
	private static final int TOLD = 3;

	/** How long exchanges may take to end when the server stops. */
	private static final Duration LAST_MOMENT = Duration.ofSeconds(5);

	private final EventRepository events;

	private final Optional<Receiver> receiver;

	private final Clock clock;

	private final Duration exchange;

	private final Counter delivered;

	private final Counter failed;

	private final Counter dropped;

	private final ReceiverPause pause = new ReceiverPause(System::nanoTime);

	private final ExecutorService exchanges = Executors
		.newThreadPerTaskExecutor(Thread.ofVirtual().name("event-", 0).factory());

	private volatile Optional<Instant> oldest = Optional.empty();

	private volatile boolean stopping;

	private volatile @Nullable Thread rounds;

	/**
	 * Makes one.
	 * @param exchange how long an exchange may take as a whole
	 */
	EventDelivery(EventRepository events, Optional<Receiver> receiver, Duration exchange, Clock clock,
			MeterRegistry meters) {
		this.events = events;
		this.receiver = receiver;
		this.exchange = exchange;
		this.clock = clock;
		this.delivered = meters.counter("stowage.events", "outcome", "delivered");
		this.failed = meters.counter("stowage.events", "outcome", "failed");
		this.dropped = meters.counter("stowage.events", "outcome", "dropped");
		Gauge.builder("stowage.events.oldest", this, EventDelivery::age)
			.baseUnit("seconds")
			.description("How long ago the oldest event happened that is not delivered")
			.register(meters);
	}

	private double age() {
		return this.oldest.map((then) -> Math.max(0, Duration.between(then, this.clock.instant()).toSeconds()))
			.orElse(0L);
	}

	/** A platform thread, because a virtual one may find all carriers busy. */
	@Override
	public void start() {
		this.receiver.ifPresent((known) -> {
			logger.info("Events are sent to {}", known.name());
			this.stopping = false;
			this.rounds = Thread.ofPlatform().daemon().name("event-delivery").start(() -> deliverAgainAndAgain(known));
		});
	}

	private void deliverAgainAndAgain(Receiver known) {
		try {
			while (!this.stopping) {
				Thread.sleep(next(known));
			}
		}
		catch (InterruptedException ex) {
			logger.debug("Exchanges were interrupted; their events are due again when their claims run out");
		}
	}

	/** After any failure, the next round still runs. */
	private Duration next(Receiver known) throws InterruptedException {
		try {
			return deliver(known);
		}
		catch (DataAccessException ex) {
			logger.debug("Events wait because the database failed: {}", ex.getMessage());
			return AFTER_FAULT;
		}
		catch (RuntimeException | Error ex) {
			logger.error("Unexpected failure", ex);
			return AFTER_FAULT;
		}
	}

	/** Delivers some of what is due, and returns when to look for more. */
	private Duration deliver(Receiver known) throws InterruptedException {
		Instant now = this.clock.instant();
		this.oldest = this.events.oldest();
		if (this.oldest.filter((then) -> then.isBefore(now.minus(KEPT))).isPresent()) {
			drop(now.minus(KEPT));
			return Duration.ZERO;
		}
		if (this.pause.left().isPositive() || this.oldest.isEmpty() || !this.events.areDue(now)) {
			return LOOK;
		}
		Instant until = now.plus(CLAIM);
		List<Event> batch = this.events.claim(now, until, (this.pause.failures() > 0) ? 1 : Receiver.AT_ONCE);
		if (!batch.isEmpty()) {
			note(batch, send(known, batch, now), until, known);
		}
		return Duration.ZERO;
	}

	private void drop(Instant before) {
		int count = this.events.drop(before, DROPPED_AT_ONCE);
		this.dropped.increment(count);
		if (count > 0) {
			logger.warn("{} events are dropped, because nobody accepted them for {} days", count, KEPT.toDays());
		}
	}

	/** What came of each, in their order. */
	private List<Answer> send(Receiver known, List<Event> batch, Instant now) throws InterruptedException {
		List<Callable<Answer>> attempts = batch.stream()
			.<Callable<Answer>>map((event) -> () -> known.send(event, now))
			.toList();
		return this.exchanges.invokeAll(attempts, this.exchange.toMillis(), TimeUnit.MILLISECONDS)
			.stream()
			.map((attempt) -> (attempt.state() == Future.State.SUCCESS) ? attempt.resultNow()
					: Answer.none((attempt.state() == Future.State.CANCELLED) ? "it took too long"
							: attempt.exceptionNow().getClass().getSimpleName()))
			.toList();
	}

	private void note(List<Event> batch, List<Answer> answers, Instant claim, Receiver known) {
		List<Event> accepted = new ArrayList<>();
		List<Event> refused = new ArrayList<>();
		Duration asked = Duration.ZERO;
		for (int i = 0; i < batch.size(); i++) {
			Answer answer = answers.get(i);
			(answer.isAccepted() ? accepted : refused).add(batch.get(i));
			asked = (!answer.isAccepted() && answer.pause().compareTo(asked) > 0) ? answer.pause() : asked;
		}
		report(!accepted.isEmpty(), known, answers.getFirst().reason());
		this.pause.note(!accepted.isEmpty(), asked);
		this.delivered.increment(accepted.size());
		this.failed.increment(refused.size());
		this.events.delivered(accepted);
		refused.forEach((event) -> this.events.failed(event, claim, this.clock.instant().plus(event.nextWait())));
	}

	private void report(boolean accepts, Receiver known, String reason) {
		int failures = this.pause.failures();
		if (accepts && failures >= TOLD) {
			logger.info("The receiver of events at {} accepts them again", known.name());
		}
		else if (!accepts && failures + 1 == TOLD) {
			logger.warn("The receiver of events at {} fails, and events wait: {}", known.name(), reason);
		}
	}

	/** What is due then is for the other instances, or for the next start. */
	@Override
	public void stop() {
		this.stopping = true;
		Thread running = this.rounds;
		try {
			if (running != null && !running.join(LAST_MOMENT)) {
				running.interrupt();
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		this.exchanges.shutdownNow();
		this.receiver.ifPresent(Receiver::close);
		this.rounds = null;
	}

	@Override
	public boolean isRunning() {
		return this.rounds != null;
	}

	/** It stops after the web server. */
	@Override
	public int getPhase() {
		return 0;
	}

}
