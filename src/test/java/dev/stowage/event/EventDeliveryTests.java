package dev.stowage.event;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import dev.stowage.file.FileId;
import dev.stowage.file.Purpose;
import dev.stowage.support.EventReceiver;
import dev.stowage.support.EventReceiver.Delivery;
import dev.stowage.support.TestClock;
import dev.stowage.support.WithRows;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static dev.stowage.support.Soon.await;
import static org.assertj.core.api.Assertions.assertThat;

/** Deliveries to receivers of every kind, from each database. */
@ExtendWith(OutputCaptureExtension.class)
class EventDeliveryTests extends WithRows {

	/** An exchange that takes longer counts as failed. */
	private static final Duration EXCHANGE = Duration.ofSeconds(1);

	private final TestClock clock = new TestClock();

	private final List<EventDelivery> running = new ArrayList<>();

	private final MeterRegistry meters = new SimpleMeterRegistry();

	private EventReceiver receiver;

	private EventRepository events;

	@BeforeEach
	void startReceiver() throws IOException {
		this.receiver = new EventReceiver();
		this.events = new EventRepository(this.database.jdbc(), this.database.changes());
		this.events.want();
	}

	@AfterEach
	void stop() {
		this.running.forEach(EventDelivery::stop);
		this.receiver.close();
	}

	private void start() {
		Optional<Receiver> known = new WebhookProperties.Webhook(this.receiver.url(), EventReceiver.SECRET,
				List.of("127.0.0.0/8"))
			.receiver();
		EventDelivery delivery = new EventDelivery(this.events, known, EXCHANGE, this.clock, this.meters);
		delivery.start();
		this.running.add(delivery);
	}

	private String created() {
		return available(ALICE, Purpose.EVALS).id().value();
	}

	private String createdAndDeleted() {
		String id = created();
		assertThat(this.files.delete(ALICE, new FileId(id), NOW)).isTrue();
		return id;
	}

	private void awaitDelivered() {
		await().until(() -> this.events.oldest().isEmpty());
	}

	private double count(String outcome) {
		return this.meters.counter("stowage.events", "outcome", outcome).count();
	}

	@Test
	void sendWhatHappenedInTheOrderOfEachFile() {
		start();
		List<String> files = new ArrayList<>();
		for (int i = 0; i < 30; i++) {
			files.add(createdAndDeleted());
		}
		awaitDelivered();
		assertThat(files).allSatisfy(
				(file) -> assertThat(this.receiver.typesOf(file)).containsExactly("file.created", "file.deleted"));
		assertThat(this.receiver.accepted()).hasSize(60).extracting(Delivery::id).doesNotHaveDuplicates();
		await().until(() -> count("delivered") == 60);
		assertThat(count("failed")).isZero();
	}

	@Test
	void keepThatOrderWhileTheFirstIsRefused() {
		this.receiver.answerTo("file.created", 500);
		start();
		String file = createdAndDeleted();
		await().until(() -> {
			this.clock.move(Duration.ofSeconds(4));
			return this.receiver.attempts().size() >= 3;
		});
		assertThat(this.receiver.attempts()).allMatch((attempt) -> attempt.type().equals("file.created"))
			.extracting(Delivery::id)
			.containsOnly(this.receiver.attempts().getFirst().id());
		this.receiver.acceptAll();
		letWaitsPass();
		assertThat(this.receiver.typesOf(file)).containsExactly("file.created", "file.deleted");
	}

	/** One that is refused does not hold back those of other files. */
	@Test
	void goOnWhileTheEventsOfOneTypeAreRefused() {
		createdAndDeleted();
		this.receiver.answerTo("file.created", 400);
		start();
		await().until(() -> count("failed") > 0);
		this.events.drop(this.clock.instant().plusSeconds(60), 1);
		for (int i = 0; i < 5; i++) {
			created();
		}
		await().until(() -> this.receiver.accepted().size() == 1);
		assertThat(this.receiver.accepted().getFirst().type()).isEqualTo("file.deleted");
	}

	@Test
	void waitWhileTheReceiverIsDownAndThenSendEverything(CapturedOutput output) throws IOException {
		this.receiver.stop();
		start();
		for (int i = 0; i < 20; i++) {
			createdAndDeleted();
		}
		await().until(() -> output.getOut().contains("fails, and events wait: HttpHostConnectException"));
		// the first batch, and then one at a time
		assertThat(count("failed")).isBetween(3.0, 26.0);
		this.receiver.startAgain();
		letWaitsPass();
		assertThat(this.receiver.accepted()).hasSize(40).extracting(Delivery::id).doesNotHaveDuplicates();
		assertThat(output).contains("accepts them again")
			.contains("Events are sent to http://127.0.0.1:")
			.doesNotContain(EventReceiver.TOKEN, EventReceiver.SECRET);
	}

	private void letWaitsPass() {
		await().until(() -> {
			this.clock.move(Duration.ofMinutes(7));
			return this.events.oldest().isEmpty();
		});
	}

	@Test
	void leaveAReceiverAloneThatAsksForIt() {
		this.receiver.answer(429, "Retry-After", "1");
		start();
		created();
		await().until(() -> this.receiver.attempts().size() >= 2);
		List<Long> times = this.receiver.attempts().stream().map(Delivery::timestamp).toList();
		assertThat(times.getLast() - times.getFirst()).isPositive();
	}

	@Test
	void endExchangesWithASilentReceiver() {
		this.receiver.fallSilent();
		assertFailsAndGoesOn();
	}

	@Test
	void endExchangesWithAReceiverThatAnswersSlowly() {
		this.receiver.answerSlowly();
		assertFailsAndGoesOn();
	}

	private void assertFailsAndGoesOn() {
		start();
		created();
		await().until(() -> count("failed") > 0);
		this.receiver.acceptAll();
		letWaitsPass();
		assertThat(this.receiver.accepted()).hasSize(1);
	}

	@Test
	void sendEachEventOnceThoughSeveralInstancesRun() {
		start();
		start();
		start();
		for (int i = 0; i < 100; i++) {
			createdAndDeleted();
		}
		awaitDelivered();
		assertThat(this.receiver.attempts()).hasSize(200).extracting(Delivery::id).doesNotHaveDuplicates();
	}

	@Test
	void sendWhatADeadInstanceClaimed() {
		String file = created();
		assertThat(this.events.claim(this.clock.instant(), this.clock.instant().plusSeconds(60), 1)).hasSize(1);
		start();
		String other = created();
		await().until(() -> this.receiver.typesOf(other).size() == 1);
		assertThat(this.receiver.typesOf(file)).isEmpty();
		this.clock.move(Duration.ofSeconds(61));
		await().until(() -> this.receiver.typesOf(file).size() == 1);
	}

	@Test
	void dropWhatNobodyAcceptedForThreeDays(CapturedOutput output) {
		this.receiver.answer(500);
		start();
		createdAndDeleted();
		await().until(() -> count("failed") > 0);
		this.clock.move(Duration.ofDays(3).minusMinutes(2));
		created();
		await().until(() -> this.meters.get("stowage.events.oldest").gauge().value() > Duration.ofDays(2).toSeconds());
		assertThat(count("dropped")).isZero();
		this.clock.move(Duration.ofMinutes(3));
		awaitDelivered();
		await().until(() -> this.meters.get("stowage.events.oldest").gauge().value() == 0);
		assertThat(count("dropped")).isEqualTo(3);
		assertThat(output).containsOnlyOnce("3 events are dropped, because nobody accepted them for 3 days");
	}

	@Test
	void sendOnAfterTheDatabaseFailed() {
		start();
		this.database.jdbc().sql("ALTER TABLE event RENAME TO lost").update();
		try {
			await().pollDelay(Duration.ofMillis(500)).until(() -> true);
		}
		finally {
			this.database.jdbc().sql("ALTER TABLE lost RENAME TO event").update();
		}
		created();
		awaitDelivered();
	}

}
