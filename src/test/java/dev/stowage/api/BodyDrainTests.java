package dev.stowage.api;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** How much of a refused body is read. */
class BodyDrainTests {

	private static final Duration LONG = Duration.ofMinutes(1);

	@Test
	void readsAShortBodyToItsEnd() throws IOException {
		InputStream body = new ByteArrayInputStream(new byte[100_000]);
		BodyDrain.drain(body, 100_001, LONG);
		assertThat(body.read()).isEqualTo(-1);
	}

	@Test
	void readsNoMoreOfALongBodyThanItsBound() throws IOException {
		ByteArrayInputStream body = new ByteArrayInputStream(new byte[200_000]);
		BodyDrain.drain(body, 100_000, LONG);
		assertThat(body.available()).isEqualTo(100_000);
	}

	@Test
	void leavesAnEndlessBodyWhenItsTimeIsOver() throws IOException {
		try (Trickle body = new Trickle()) {
			BodyDrain.drain(body, Long.MAX_VALUE, Duration.ofMillis(20));
			assertThat(body.reads).isPositive();
		}
	}

	/** Brings one byte a read, for ever. */
	private static final class Trickle extends InputStream {

		private long reads;

		@Override
		public int read() {
			this.reads++;
			return 0;
		}

		@Override
		public int read(byte[] buffer, int offset, int length) {
			buffer[offset] = (byte) read();
			return 1;
		}

	}

}
