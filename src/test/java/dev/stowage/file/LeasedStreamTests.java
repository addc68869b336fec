package dev.stowage.file;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** When a lease is renewed, and for how long. */
class LeasedStreamTests {

	private static final Instant START = Instant.parse("2026-03-01T10:00:00Z");

	private static final Duration TIMEOUT = Duration.ofSeconds(400);

	private final StandingClock clock = new StandingClock(START);

	private final List<Instant> renewals = new ArrayList<>();

	private final LeasedStream stream = new LeasedStream(new ByteArrayInputStream(new byte[] { 1, 2, -1, 4, 5 }),
			this.clock, TIMEOUT, this.renewals::add);

	@Test
	void givesTheBytesThatItGets() throws IOException {
		assertThat(this.stream.read()).isEqualTo(1);
		byte[] buffer = new byte[4];
		assertThat(this.stream.read(buffer, 1, 2)).isEqualTo(2);
		assertThat(buffer).containsExactly(0, 2, -1, 0);
		assertThat(this.stream.readAllBytes()).containsExactly(4, 5);
		assertThat(this.stream.read()).isEqualTo(-1);
		assertThat(this.stream.read(buffer, 0, 4)).isEqualTo(-1);
		assertThat(this.renewals).isEmpty();
	}

	@Test
	void renewsAtMostOnceInAQuarterOfTheTimeout() throws IOException {
		this.clock.move(Duration.ofSeconds(99));
		this.stream.read();
		assertThat(this.renewals).isEmpty();
		this.clock.move(Duration.ofSeconds(1));
		this.stream.read();
		this.clock.move(Duration.ofSeconds(99));
		this.stream.read(new byte[1], 0, 1);
		assertThat(this.renewals).containsExactly(START.plusSeconds(100 + 501));
		this.clock.move(Duration.ofSeconds(1));
		this.stream.read(new byte[1], 0, 1);
		assertThat(this.renewals).containsExactly(START.plusSeconds(100 + 501), START.plusSeconds(200 + 501));
	}

	@Test
	void renewsAtTheEndToo() throws IOException {
		this.stream.readAllBytes();
		this.clock.move(Duration.ofSeconds(100));
		assertThat(this.stream.read()).isEqualTo(-1);
		assertThat(this.renewals).hasSize(1);
	}

	@Test
	void outlivesASilenceOfTheWholeTimeout() {
		Instant deadline = LeasedStream.deadline(START, TIMEOUT);
		Instant lastByteWithoutRenewal = START.plus(TIMEOUT.dividedBy(4));
		assertThat(deadline).isAfter(lastByteWithoutRenewal.plus(TIMEOUT));
	}

	@Test
	void endsWhenTheLeaseIsLost() {
		LeasedStream lost = new LeasedStream(new ByteArrayInputStream(new byte[10]), this.clock, TIMEOUT,
				(deadline) -> false);
		this.clock.move(TIMEOUT);
		assertThatExceptionOfType(FileException.LeaseLost.class).isThrownBy(lost::read);
		assertThatExceptionOfType(FileException.LeaseLost.class).isThrownBy(lost::readAllBytes);
	}

}
