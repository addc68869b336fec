package dev.stowage.event;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** How long a receiver that fails is left alone. */
class ReceiverPauseTests {

	private final AtomicLong passed = new AtomicLong(Long.MAX_VALUE - 1);

	private final ReceiverPause pause = new ReceiverPause(this.passed::get);

	@Test
	void doublesUpToTenSecondsUntilSomethingIsAccepted() {
		assertThat(this.pause.left()).isZero();
		for (int millis = 100; millis < 10_000; millis *= 2) {
			this.pause.note(false, Duration.ZERO);
			assertThat(this.pause.left()).isEqualTo(Duration.ofMillis(millis));
		}
		this.pause.note(false, Duration.ZERO);
		assertThat(this.pause.left()).isEqualTo(Duration.ofSeconds(10));
		assertThat(this.pause.failures()).isEqualTo(8);
		this.passed.addAndGet(Duration.ofSeconds(9).toNanos());
		assertThat(this.pause.left()).isEqualTo(Duration.ofSeconds(1));
		this.passed.addAndGet(Duration.ofSeconds(2).toNanos());
		assertThat(this.pause.left()).isZero();
		this.pause.note(true, Duration.ZERO);
		assertThat(this.pause.failures()).isZero();
		this.pause.note(false, Duration.ZERO);
		assertThat(this.pause.left()).isEqualTo(Duration.ofMillis(100));
	}

	@Test
	void isWhatTheReceiverAsksForUpToAnHour() {
		this.pause.note(false, Duration.ofSeconds(30));
		assertThat(this.pause.left()).isEqualTo(Duration.ofSeconds(30));
		this.pause.note(true, Duration.ofDays(9));
		assertThat(this.pause.left()).isEqualTo(Duration.ofHours(1));
	}

}
