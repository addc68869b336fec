package dev.stowage.http.limits;

import java.time.Duration;
import java.util.Collections;

import dev.stowage.owner.Owner;
import dev.stowage.support.Together;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Counting the requests of owners. */
class RequestRatesTests {

	private static final Owner ALICE = new Owner("alice");

	private static final Owner BOB = new Owner("bob");

	private final StandingTime time = new StandingTime();

	private final RequestRates rates = new RequestRates(this.time);

	@Test
	void grantAMinutesRequestsAtOnceAndThenAsManyAsPass() {
		for (int left = 59; left >= 0; left--) {
			assertThat(this.rates.take(ALICE, 60))
				.isEqualTo(new Allowance(60, left, true, Duration.ZERO, Duration.ofSeconds(60 - left)));
		}
		Allowance refused = new Allowance(60, 0, false, Duration.ofSeconds(1), Duration.ofMinutes(1));
		assertThat(this.rates.take(ALICE, 60)).isEqualTo(refused);
		assertThat(this.rates.take(ALICE, 60)).isEqualTo(refused);
		assertThat(this.rates.take(BOB, 60).isGranted()).isTrue();
		this.time.pass(Duration.ofMillis(999));
		assertThat(this.rates.take(ALICE, 60).untilNext()).isEqualTo(Duration.ofMillis(1));
		this.time.pass(Duration.ofMillis(1));
		assertThat(this.rates.take(ALICE, 60).isGranted()).isTrue();
		assertThat(this.rates.take(ALICE, 60).isGranted()).isFalse();
		this.time.pass(Duration.ofDays(400));
		assertThat(this.rates.take(ALICE, 60).remaining()).isEqualTo(59);
	}

	@Test
	void neverGrantMoreHoweverManyAskSimultaneously() throws Exception {
		for (int round = 0; round < 20; round++) {
			// so that full buckets are removed at the same time
			this.time.pass(Duration.ofMinutes(2));
			assertThat(Collections.frequency(Together.run(64, () -> this.rates.take(ALICE, 40).isGranted()), true))
				.isEqualTo(40);
		}
	}

	@Test
	void followALimitThatChanges() {
		for (int i = 0; i < 30; i++) {
			this.rates.take(ALICE, 60);
		}
		assertThat(this.rates.take(ALICE, 600).remaining()).isEqualTo(299);
		assertThat(this.rates.take(ALICE, 6).remaining()).isEqualTo(1);
		assertThat(this.rates.take(ALICE, 6).isGranted()).isTrue();
		assertThat(this.rates.take(ALICE, 6).isGranted()).isFalse();
		// less than one of six is left, and stays the same share of more
		assertThat(this.rates.take(ALICE, 6_000_000).remaining()).isLessThan(1_000_000);
	}

	@Test
	void holdNothingForOwnersThatAreIdle() {
		for (int i = 0; i < 100_000; i++) {
			this.rates.take(new Owner("owner-" + i), 60);
		}
		assertThat(this.rates.size()).isEqualTo(100_000);
		this.time.pass(Duration.ofSeconds(59));
		for (int i = 0; i < 60; i++) {
			this.rates.take(ALICE, 60);
		}
		this.time.pass(Duration.ofSeconds(1));
		assertThat(this.rates.take(BOB, 60).isGranted()).isTrue();
		assertThat(this.rates.size()).isEqualTo(2);
		assertThat(this.rates.take(ALICE, 60).remaining()).isZero();
	}

}
