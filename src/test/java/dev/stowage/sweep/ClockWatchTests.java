package dev.stowage.sweep;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** When a clock has moved further than the time that passed. */
class ClockWatchTests {

	private static final Instant START = Instant.parse("2026-03-01T10:00:00Z");

	private static final Duration HOUR = Duration.ofHours(1);

	/** Like {@code System.nanoTime}, whose origin is arbitrary. */
	private final AtomicLong passed = new AtomicLong(Long.MAX_VALUE - 5);

	private final ClockWatch watch = new ClockWatch(START, HOUR, this.passed::get);

	@Test
	void trustsAClockThatGoesOn() {
		Instant now = START;
		for (int round = 0; round < 100; round++) {
			now = now.plus(pass(Duration.ofDays(2)));
			assertThat(this.watch.isMovedTooFar(now)).isFalse();
		}
	}

	@Test
	void trustsAClockThatIsSetByUpToAnHour() {
		assertThat(this.watch.isMovedTooFar(START.plus(HOUR))).isFalse();
		assertThat(this.watch.isMovedTooFar(START.plus(HOUR).minus(HOUR))).isFalse();
	}

	@Test
	void distrustsAClockThatIsSetFurtherUntilItIsSetRight() {
		for (Duration jump : new Duration[] { HOUR.plusSeconds(1), HOUR.plusSeconds(1).negated(),
				Duration.ofDays(400) }) {
			assertThat(this.watch.isMovedTooFar(START.plus(jump))).isTrue();
			assertThat(this.watch.moved(START.plus(jump))).isEqualTo(jump);
			Instant later = START.plus(pass(Duration.ZERO));
			assertThat(this.watch.isMovedTooFar(later.plus(jump))).isTrue();
			assertThat(this.watch.isMovedTooFar(later)).isFalse();
		}
	}

	@Test
	void distrustsAClockThatStoodStill() {
		pass(Duration.ofHours(2));
		assertThat(this.watch.isMovedTooFar(START)).isTrue();
	}

	private Duration pass(Duration time) {
		this.passed.addAndGet(time.toNanos());
		return time;
	}

}
