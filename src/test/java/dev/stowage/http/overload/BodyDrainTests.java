package dev.stowage.http.overload;

import java.time.Duration;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** How much of a refused body is read. */
class BodyDrainTests {

	private static final Duration LONG = Duration.ofMinutes(1);

	@Test
	void readsAShortBodyToItsEnd() throws Exception {
		Bytes body = new Bytes(100_000);
		drain(body, 100_001, LONG);
		assertThat(body.left).isZero();
	}

	@Test
	void readsNoMoreOfALongBodyThanItsBound() throws Exception {
		Bytes body = new Bytes(200_000);
		drain(body, 100_000, LONG);
		assertThat(body.left).isEqualTo(100_000);
	}

	@Test
	void leavesAnEndlessBodyWhenItsTimeIsOver() throws Exception {
		Bytes body = new Bytes(Long.MAX_VALUE);
		drain(body, Long.MAX_VALUE, Duration.ofMillis(20));
		assertThat(body.left).isBetween(1L, Long.MAX_VALUE - 1);
	}

	@Test
	void doesNotReadFromAClientThatSaysNothing() throws Exception {
		Bytes body = new Bytes(100);
		BodyDrain.drain(body, () -> false, Long.MAX_VALUE, Duration.ofMillis(20));
		assertThat(body.left).isEqualTo(100);
	}

	private static void drain(Bytes body, long maxBytes, Duration maxTime) throws Exception {
		BodyDrain.drain(body, () -> true, maxBytes, maxTime);
	}

	/** A number of zeros. */
	private static final class Bytes extends ServletInputStream {

		private long left;

		private Bytes(long length) {
			this.left = length;
		}

		@Override
		public boolean isFinished() {
			return this.left == 0;
		}

		@Override
		public boolean isReady() {
			return true;
		}

		@Override
		public void setReadListener(ReadListener listener) {
			throw new UnsupportedOperationException();
		}

		@Override
		public int read() {
			this.left--;
			return 0;
		}

		@Override
		public int read(byte[] buffer, int offset, int length) {
			int count = (int) Math.min(length, this.left);
			this.left -= count;
			return count;
		}

	}

}
