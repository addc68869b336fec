package dev.stowage.http.overload;

import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class AnswerTimeTests {

	private final AtomicLong nanos = new AtomicLong(1);

	private final AnswerTime time = new AnswerTime(this.nanos::get);

	@Test
	void endsWhoTakesTooLittleWhileItIsWaitedFor() throws Exception {
		this.time.begin(Duration.ofSeconds(10), 100);
		this.time.wrote(0, true);
		for (int second = 0; second < 9; second++) {
			pass(1);
			this.time.wrote(1, true);
		}
		pass(1);
		assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(() -> this.time.wrote(1, true));
	}

	@Test
	void measuresEachWindowAnew() throws Exception {
		this.time.begin(Duration.ofSeconds(10), 100);
		this.time.wrote(0, true);
		pass(10);
		this.time.wrote(1000, true);
		pass(10);
		assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(() -> this.time.wrote(99, true));
	}

	@Test
	void doesNotCountTheTimeOfTheServer() throws Exception {
		this.time.begin(Duration.ofSeconds(10), 100);
		for (int i = 0; i < 100; i++) {
			this.time.wrote(1, false);
			pass(60);
		}
	}

	@Test
	void letsAnyRateBeWhereNoneIsSet() throws Exception {
		this.time.begin(Duration.ofSeconds(10), 0);
		this.time.wrote(0, true);
		pass(1000);
		this.time.wrote(1, true);
	}

	private void pass(int seconds) {
		this.nanos.addAndGet(Duration.ofSeconds(seconds).toNanos());
	}

}
