package dev.stowage.security;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSelector;
import dev.stowage.support.StandingClock;
import dev.stowage.support.TestIssuer;
import dev.stowage.support.Together;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** When an issuer's keys are read, by a clock that does not move by itself. */
class IssuerKeysTests {

	private final StandingClock clock = new StandingClock(Instant.parse("2026-01-01T00:00:00Z"));

	private TestIssuer issuer;

	private IssuerKeys keys;

	@BeforeEach
	void start() throws IOException {
		this.issuer = new TestIssuer(this.clock);
		this.keys = new IssuerKeys(new IssuerDocuments(this.issuer.url()), this.clock);
	}

	@AfterEach
	void stop() {
		this.issuer.close();
	}

	@Test
	void areReadOnceForManyRequestsAndManyUnknownKeys() throws Exception {
		String known = this.issuer.rsaKey().getKeyID();
		assertThat(Together.run(100, () -> find(known))).allSatisfy((found) -> assertThat(found).hasSize(1));
		assertThat(this.issuer.reads()).isEqualTo(1);
		AtomicInteger number = new AtomicInteger();
		assertThat(Together.run(500, () -> find("unknown-" + number.incrementAndGet())))
			.allSatisfy((found) -> assertThat(found).isEmpty());
		assertThat(this.issuer.reads()).as("within five seconds").isEqualTo(1);
		this.clock.move(IssuerKeys.PAUSE);
		Together.run(500, () -> find("unknown-" + number.incrementAndGet()));
		assertThat(this.issuer.reads()).as("after five seconds").isEqualTo(2);
	}

	@Test
	void areReadAgainForANewKey() throws Exception {
		assertThat(find(this.issuer.rsaKey().getKeyID())).hasSize(1);
		this.issuer.rotate();
		assertThat(find(this.issuer.rsaKey().getKeyID())).as("a moment later").isEmpty();
		this.clock.move(IssuerKeys.PAUSE);
		assertThat(find(this.issuer.rsaKey().getKeyID())).hasSize(1);
	}

	@Test
	void areForgottenFiveMinutesAfterTheIssuerWithdrewThem() throws Exception {
		String withdrawn = this.issuer.rsaKey().getKeyID();
		assertThat(find(withdrawn)).hasSize(1);
		this.issuer.rotate();
		this.clock.move(IssuerKeys.FRESH.minusSeconds(1));
		assertThat(find(withdrawn)).hasSize(1);
		this.clock.move(IssuerKeys.PAUSE);
		assertThat(find(withdrawn)).isEmpty();
	}

	@Test
	void areNotRequestedAgainWithinFiveSecondsOfAFailure() throws Exception {
		this.issuer.answerKeys(500, "{}");
		requireUnavailable();
		requireUnavailable();
		assertThat(this.issuer.reads()).isEqualTo(1);
		this.issuer.recover();
		requireUnavailable();
		this.clock.move(IssuerKeys.PAUSE);
		assertThat(find(this.issuer.rsaKey().getKeyID())).hasSize(1);
	}

	@Test
	void areReadAgainWhenTheClockIsSetBack() throws Exception {
		assertThat(find(this.issuer.rsaKey().getKeyID())).hasSize(1);
		this.clock.move(IssuerKeys.USABLE.negated());
		assertThat(find(this.issuer.rsaKey().getKeyID())).hasSize(1);
		assertThat(this.issuer.reads()).isEqualTo(2);
	}

	private void requireUnavailable() {
		assertThatExceptionOfType(IssuerUnavailableException.class)
			.isThrownBy(() -> find(this.issuer.rsaKey().getKeyID()));
	}

	private List<JWK> find(String name) throws IssuerUnavailableException {
		return this.keys.get(new JWKSelector(new JWKMatcher.Builder().keyID(name).build()), null);
	}

}
