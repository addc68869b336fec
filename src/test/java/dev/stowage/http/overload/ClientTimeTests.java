package dev.stowage.http.overload;

import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * A client that has 20 seconds for a head, and must send 100 bytes in 10 seconds of a
 * body.
 */
class ClientTimeTests {

	private final AtomicLong nanos = new AtomicLong();

	private final ClientTime time = new ClientTime(Duration.ofSeconds(20), this.nanos::get);

	@Test
	void endsAHeadThatTakesLongerFromItsFirstByteOn() throws Exception {
		pass(Duration.ofHours(1));
		for (int i = 0; i < 10; i++) {
			this.time.read(1);
			this.time.read(0);
			pass(Duration.ofSeconds(2));
		}
		assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(() -> this.time.read(1));
	}

	@Test
	void givesEachHeadTheSameTime() {
		assertThatNoException().isThrownBy(() -> {
			for (int i = 0; i < 10; i++) {
				this.time.read(1);
				pass(Duration.ofSeconds(19));
				this.time.read(1);
				beginBody();
				this.time.endRequest();
			}
		});
	}

	@Test
	void endsABodyThatBringsTooLittleWhileItIsWaitedFor() throws Exception {
		beginBody();
		for (int i = 0; i < 9; i++) {
			this.time.read(0);
			pass(Duration.ofSeconds(1));
			this.time.read(11);
		}
		this.time.read(0);
		pass(Duration.ofSeconds(1));
		assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(() -> this.time.read(0));
	}

	@Test
	void letsABodyGoOnThatBringsEnough() {
		beginBody();
		assertThatNoException().isThrownBy(() -> {
			for (int i = 0; i < 1_000; i++) {
				this.time.read(0);
				pass(Duration.ofSeconds(1));
				this.time.read(10);
			}
		});
	}

	@Test
	void countsNoTimeInWhichNobodyWaitsForTheClient() {
		beginBody();
		assertThatNoException().isThrownBy(() -> {
			for (int i = 0; i < 1_000; i++) {
				this.time.read(1);
				pass(Duration.ofMinutes(1));
			}
		});
	}

	private void beginBody() {
		this.time.beginRequest(Duration.ofSeconds(5), Duration.ofSeconds(10), 100);
	}

	private void pass(Duration time) {
		this.nanos.addAndGet(time.toNanos());
	}

}
