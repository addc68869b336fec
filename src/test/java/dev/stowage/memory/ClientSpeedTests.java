package dev.stowage.memory;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class ClientSpeedTests {

	private static final int MIB = 1024 * 1024;

	private final AtomicLong nanos = new AtomicLong(-7);

	private final ClientSpeed speed = new ClientSpeed(this.nanos::get);

	@ParameterizedTest
	@CsvSource({ "16384, 1000, true", "1048575, 1000, true", "1048576, 1000, false", "524287, 500, true",
			"0, 499, false", "8388608, 8000, false", "8388607, 8000, true" })
	void isSlowBelowOneMebibyteInASecondAfterAMoment(int bytes, long millis, boolean slow) {
		send(bytes, millis);
		assertThat(this.speed.isSlow()).isEqualTo(slow);
	}

	@ParameterizedTest
	@CsvSource({ "8191, true", "8192, false" })
	void hasStalledAfterFiveSecondsWithLessThanEightKibibytesInEach(int bytes, boolean stalled) {
		for (int second = 0; second < 5; second++) {
			assertThat(this.speed.isStalled()).isFalse();
			send(bytes, 1_000);
		}
		assertThat(this.speed.isStalled()).isEqualTo(stalled);
		assertThat(this.speed.isSlowForLong()).isTrue();
	}

	@Test
	void aWaitCountsBeforeItHasEnded() {
		send(8 * MIB, 1_000);
		this.speed.await();
		this.nanos.addAndGet(TimeUnit.SECONDS.toNanos(4));
		assertThat(this.speed.isStalled()).isFalse();
		this.nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
		assertThat(this.speed.isStalled()).isTrue();
		this.speed.received(1);
		assertThat(this.speed.isStalled()).isTrue();
	}

	@Test
	void forgetsABurstOnceTheClientWasWaitedForForSeconds() {
		send(100 * MIB, 100);
		for (int second = 0; second < 6; second++) {
			assertThat(this.speed.isStalled()).isFalse();
			send(1, 1_000);
		}
		assertThat(this.speed.isStalled()).isTrue();
	}

	@Test
	void forgetsAStallOnceTheClientSends() {
		send(1, 60_000);
		assertThat(this.speed.isStalled()).isTrue();
		send(MIB, 100);
		assertThat(this.speed.isStalled()).isFalse();
	}

	@Test
	void timeInWhichTheClientIsNotWaitedForDoesNotCount() {
		send(16 * 1024, 1);
		this.nanos.addAndGet(TimeUnit.SECONDS.toNanos(100));
		assertThat(this.speed.isSlow()).isFalse();
		assertThat(this.speed.isStalled()).isFalse();
	}

	private void send(int bytes, long millis) {
		this.speed.await();
		this.nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(millis));
		this.speed.received(bytes);
	}

}
