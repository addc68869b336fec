package dev.stowage.http;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

/** Bodies that arrive slowly, at 1,024 bytes a second over 300 seconds. */
class MinimumRateTests {

	private final AtomicLong nanos = new AtomicLong();

	@ParameterizedTest
	@CsvSource({ "1, 1", "1, 60000000", "1023, 1000", "307199, 300000", "10, 299999" })
	void endsABodyThatBringsTooLittle(int bytes, long millis) throws IOException {
		InputStream body = limit("1KB", bytes, millis);
		byte[] buffer = new byte[1_000_000];
		long needed = Math.ceilDiv(300_000, millis);
		for (long i = 1; i < needed; i++) {
			assertThat(body.read(buffer, 0, buffer.length)).isEqualTo(bytes);
		}
		assertThatExceptionOfType(TooSlowException.class).isThrownBy(() -> body.read(buffer, 0, buffer.length));
	}

	@ParameterizedTest
	@CsvSource({ "1024, 1000", "307200, 300000", "1000000, 299999", "16384, 1000" })
	void letsABodyGoOnThatBringsEnough(int bytes, long millis) {
		InputStream body = limit("1KB", bytes, millis);
		byte[] buffer = new byte[1_000_000];
		assertThatNoException().isThrownBy(() -> {
			for (int i = 0; i < 2_000; i++) {
				assertThat(body.read(buffer, 0, buffer.length)).isEqualTo(bytes);
			}
		});
	}

	@Test
	void asksForTheRateInEveryWindowAnew() throws IOException {
		AtomicLong millis = new AtomicLong(1_000);
		InputStream body = new MinimumRate(properties("1KB"), this.nanos::get)
			.enforcedOn(new Trickle(1_000_000, millis));
		byte[] buffer = new byte[1_000_000];
		for (int i = 0; i < 300; i++) {
			body.read(buffer, 0, buffer.length);
		}
		millis.set(301_000);
		assertThatExceptionOfType(TooSlowException.class).isThrownBy(body::read);
	}

	@Test
	void countsOnlyTheTimeInWhichTheClientIsWaitedFor() throws IOException {
		InputStream body = limit("1KB", 1, 1);
		for (int i = 0; i < 1_000; i++) {
			this.nanos.addAndGet(Duration.ofHours(1).toNanos());
			assertThat(body.read()).isOne();
		}
	}

	@Test
	void asksForNothingWhereTheRateIsNone() throws IOException {
		InputStream body = limit("0", 1, 60_000);
		for (int i = 0; i < 1_000; i++) {
			assertThat(body.read()).isOne();
		}
	}

	@Test
	void givesTheEndHoweverLongItTook() throws IOException {
		InputStream ended = new MinimumRate(properties("1KB"), this.nanos::get)
			.enforcedOn(new Trickle(0, new AtomicLong(1_000_000)));
		assertThat(ended.read()).isEqualTo(-1);
	}

	private InputStream limit(String rate, int bytes, long millis) {
		return new MinimumRate(properties(rate), this.nanos::get)
			.enforcedOn(new Trickle(bytes, new AtomicLong(millis)));
	}

	private static HttpProperties properties(String rate) {
		return new Binder(new MapConfigurationPropertySource(Map.of("stowage.min-upload-rate", rate)))
			.bindOrCreate("stowage", HttpProperties.class);
	}

	/** Returns a number of ones at a time, after a delay; with a number of 0, the end. */
	private final class Trickle extends InputStream {

		private final int bytes;

		private final AtomicLong millis;

		private Trickle(int bytes, AtomicLong millis) {
			this.bytes = bytes;
			this.millis = millis;
		}

		@Override
		public int read() {
			throw new UnsupportedOperationException();
		}

		@Override
		public int read(byte[] buffer, int offset, int length) {
			MinimumRateTests.this.nanos.addAndGet(Duration.ofMillis(this.millis.get()).toNanos());
			if (this.bytes == 0) {
				return -1;
			}
			buffer[offset] = 1;
			return Math.min(this.bytes, length);
		}

	}

}
