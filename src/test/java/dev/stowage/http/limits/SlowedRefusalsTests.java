package dev.stowage.http.limits;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.stowage.support.Answer;
import dev.stowage.support.Backing;
import dev.stowage.support.Form;
import dev.stowage.support.RawConnection;
import dev.stowage.support.StowageServer;
import io.micrometer.core.instrument.MeterRegistry;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static dev.stowage.support.Soon.await;
import static org.assertj.core.api.Assertions.assertThat;

/** Many wrong keys, on a running server. */
class SlowedRefusalsTests {

	private static final String WRONG = "sk-wrong-0123456789abcdef";

	@TempDir
	static Path folder;

	private static final LimitsInTest limits = new LimitsInTest();

	private static StowageServer server;

	@BeforeAll
	static void start() {
		server = StowageServer.start(Backing.EMBEDDED, folder, limits, "stowage.metrics-key=metrics-0123456789abcdef",
				"stowage.max-requests=64");
	}

	@AfterAll
	static void stop() {
		server.close();
	}

	@BeforeEach
	void forget() {
		limits.time().pass(Duration.ofMinutes(2));
	}

	@Test
	void waitAfterTwentyWrongKeysAndRightKeysAndOtherAddressesDoNot() {
		double immediate = refused("immediate");
		double slowed = refused("slowed");
		for (int i = 0; i < 20; i++) {
			wrong("192.0.2.1");
		}
		assertThat(refused("immediate") - immediate).isEqualTo(20);
		assertThat(timeOf(() -> assertThat(wrong("192.0.2.1").header("Retry-After")).isEmpty()))
			.isBetween(Duration.ofMillis(250), Duration.ofSeconds(5));
		assertThat(timeOf(() -> wrong("192.0.2.1"))).isGreaterThan(Duration.ofMillis(500));
		assertThat(timeOf(() -> wrong("192.0.2.1"))).isGreaterThan(Duration.ofSeconds(1));
		assertThat(refused("slowed") - slowed).isEqualTo(3);
		wrong("192.0.2.2");
		assertThat(server.alice().get("/v1/files", "X-Forwarded-For", "192.0.2.1").status()).isEqualTo(200);
		// without a key, nothing can be guessed
		assertThat(server.with("").get("/v1/files", "X-Forwarded-For", "192.0.2.1").status()).isEqualTo(401);
		assertThat(refused("immediate") - immediate).isEqualTo(21);
		assertThat(refused("slowed") - slowed).isEqualTo(3);
	}

	@Test
	void coverTheMetricsKeyToo() {
		for (int i = 0; i < 20; i++) {
			server.with(WRONG).get("/actuator/prometheus", "X-Forwarded-For", "192.0.2.3");
		}
		assertThat(timeOf(() -> wrong("192.0.2.3"))).isGreaterThan(Duration.ofMillis(250));
	}

	/** The pause of all of them is 4 s by then. */
	@Test
	void holdFewRequestsAtTheSameTimeAndNoPlaceOfOthers() throws Exception {
		double slowed = refused("slowed");
		for (int i = 0; i < 20; i++) {
			wrong("192.0.2.4");
		}
		// the short pauses
		for (int i = 0; i < 3; i++) {
			wrong("192.0.2.4");
		}
		List<RawConnection> waiting = new ArrayList<>();
		try {
			for (int i = 0; i < SlowedRefusals.MOST_OF_AN_ADDRESS; i++) {
				waiting.add(new RawConnection(server).send(upload("192.0.2.4")));
			}
			SlowedRefusals refusals = server.bean("slowedRefusals", SlowedRefusals.class);
			await().until(() -> refusals.waiting() == SlowedRefusals.MOST_OF_AN_ADDRESS);
			double crowded = refused("crowded");
			Answer next = wrong("192.0.2.4");
			assertThat(next.header("Retry-After")).contains("4");
			assertThat(refused("crowded") - crowded).isEqualTo(1);
			assertThat(refusals.waiting()).isEqualTo(SlowedRefusals.MOST_OF_AN_ADDRESS);
			assertThat(server.alice().get("/v1/files", "X-Forwarded-For", "192.0.2.4").status()).isEqualTo(200);
			for (RawConnection connection : waiting) {
				assertThat(connection.answer()).startsWith("HTTP/1.1 401").doesNotContain("Retry-After");
			}
			assertThat(refused("slowed") - slowed).isEqualTo(3 + SlowedRefusals.MOST_OF_AN_ADDRESS);
			assertThat(refusals.waiting()).isZero();
		}
		finally {
			for (RawConnection connection : waiting) {
				connection.close();
			}
		}
	}

	private static String upload(String address) {
		return "POST /v1/files HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: " + address + "\r\nAuthorization: Bearer "
				+ WRONG + "\r\nContent-Type: " + Form.CONTENT_TYPE + "\r\nContent-Length: 5\r\n\r\n12345";
	}

	private static Answer wrong(String address) {
		Answer answer = server.with(WRONG).get("/v1/files", "X-Forwarded-For", address);
		assertThat(answer.status()).isEqualTo(401);
		assertThat(answer.text("code")).isEqualTo("invalid_api_key");
		assertThat(answer.header("WWW-Authenticate")).contains("Bearer");
		return answer;
	}

	private static Duration timeOf(Runnable call) {
		long start = System.nanoTime();
		call.run();
		return Duration.ofNanos(System.nanoTime() - start);
	}

	private static double refused(String outcome) {
		return server.bean("prometheusMeterRegistry", MeterRegistry.class)
			.get("stowage.refused.keys")
			.tag("outcome", outcome)
			.counter()
			.count();
	}

}
