package dev.stowage.upload;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import dev.stowage.support.Soon;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class RoundsTests {

	private static final String NAME = "test-rounds";

	private static final Duration PAUSE = Duration.ofMillis(1);

	@Test
	void goAroundAgainWhateverFails() throws Exception {
		CountDownLatch three = new CountDownLatch(3);
		Rounds rounds = new Rounds(NAME, () -> PAUSE, () -> {
			three.countDown();
			if (three.getCount() == 2) {
				throw new IllegalStateException("A test failed");
			}
			throw new AssertionError("A test failed again");
		});
		assertThat(rounds.areRunning()).isFalse();
		rounds.start();
		assertThat(rounds.areRunning()).isTrue();
		assertThat(three.await(10, TimeUnit.SECONDS)).isTrue();
		rounds.stop();
		assertThat(rounds.areRunning()).isFalse();
	}

	/** Even if the round takes the interrupt for itself. */
	@Test
	void endInTheMiddleOfARound() throws Exception {
		AtomicInteger count = new AtomicInteger();
		CountDownLatch begun = new CountDownLatch(1);
		CountDownLatch interrupted = new CountDownLatch(1);
		Rounds rounds = new Rounds(NAME, () -> PAUSE, () -> {
			count.incrementAndGet();
			begun.countDown();
			try {
				Thread.sleep(Duration.ofMinutes(1));
			}
			catch (InterruptedException ex) {
				interrupted.countDown();
			}
		});
		rounds.start();
		assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
		rounds.stop();
		assertThat(interrupted.await(10, TimeUnit.SECONDS)).isTrue();
		rounds.stop();
		Soon.await()
			.until(() -> Thread.getAllStackTraces().keySet().stream().map(Thread::getName).noneMatch(NAME::equals));
		assertThat(count).hasValue(1);
	}

}
