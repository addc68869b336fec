package dev.stowage.http.limits;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.stream.Stream;

import dev.stowage.support.Answer;
import dev.stowage.support.Backing;
import dev.stowage.support.Form;
import dev.stowage.support.RawConnection;
import dev.stowage.support.StowageServer;
import dev.stowage.support.Together;
import io.micrometer.core.instrument.MeterRegistry;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Requests a minute, on a running server. */
class RateLimitTests {

	private static final String ORIGIN = "https://app.example";

	private static final String METRICS_KEY = "metrics-0123456789abcdef";

	private static final int LIMIT = 5;

	@TempDir
	static Path folder;

	private static final LimitsInTest limits = new LimitsInTest();

	private static StowageServer server;

	@BeforeAll
	static void start() {
		server = StowageServer.start(Backing.EMBEDDED, folder, limits, "stowage.rate-limit=" + LIMIT,
				"stowage.cors-origins=" + ORIGIN, "stowage.metrics-key=" + METRICS_KEY);
	}

	@AfterAll
	static void stop() {
		server.close();
	}

	@BeforeEach
	void refill() {
		limits.clear();
		limits.time().pass(Duration.ofMinutes(1));
	}

	@Test
	void tellsEachAnswerWhatIsLeftAndRefusesTheNextRequest() {
		assertLeft(server.alice().get("/v1/files"), "4", "12s");
		assertLeft(server.alice().get("/v1/files/file-none"), "3", "24s");
		assertLeft(server.alice().post("/v1/files", "{"), "2", "36s");
		assertLeft(server.alice().upload(new Form().field("purpose", "user_data").file("a", "x")), "1", "48s");
		limits.time().pass(Duration.ofMillis(11_880));
		assertLeft(server.alice().send("PUT", "/v1/files", BodyPublishers.ofString("x")), "0", "49s");
		limits.time().pass(Duration.ofMillis(50));
		double before = refused();
		Answer refused = server.alice().get("/v1/files");
		assertThat(refused.status()).isEqualTo(429);
		assertThat(refused.header("Retry-After")).contains("1");
		assertLeft(refused, "0", "49s");
		assertThat(refused.header("Content-Type")).contains("application/problem+json");
		assertThat(refused.header("x-request-id")).contains(refused.text("request_id"));
		assertThat(refused.text("code")).isEqualTo("rate_limit_exceeded");
		assertThat(refused.text("detail"))
			.isEqualTo("Rate limit reached: requests are limited to 5 a minute. Please try again in 1 s.");
		assertThat(refused.json().get("error").toString()).isEqualTo("{\"message\":\"" + refused.text("detail")
				+ "\",\"type\":\"invalid_request_error\",\"param\":null,\"code\":\"rate_limit_exceeded\"}");
		assertThat(refused() - before).isEqualTo(1);
		limits.time().pass(Duration.ofMillis(70));
		assertLeft(server.alice().get("/v1/files"), "0", "1m0s");
		assertThat(server.alice().get("/v1/files").header("Retry-After")).contains("12");
		assertLeft(server.bob().get("/v1/files"), "4", "12s");
	}

	private static void assertLeft(Answer answer, String remaining, String reset) {
		assertThat(answer.header("x-ratelimit-limit-requests")).as(answer.toString()).contains("5");
		assertThat(answer.header("x-ratelimit-remaining-requests")).contains(remaining);
		assertThat(answer.header("x-ratelimit-reset-requests")).contains(reset);
	}

	@ParameterizedTest
	@CsvSource({ "GET /v1/files,", "GET /v1/files/file-none,", "GET /v1/files/file-none/content,",
			"HEAD /v1/files/file-none/content,", "DELETE /v1/files/file-none,",
			"POST /v1/files, multipart/form-data; boundary=b", "POST /v1/files, application/json",
			"POST /v1/files/file-none/complete,", "GET /v1/files/file-none/upload_urls,",
			"POST /v1/files, text/plain~Upload-Complete: ?1", "POST /v1/uploads, application/json",
			"POST /v1/uploads, application/offset+octet-stream~Tus-Resumable: 1.0.0~Upload-Length: 7",
			"GET /v1/uploads/upload_none,", "POST /v1/uploads/upload_none/parts, multipart/form-data; boundary=b",
			"GET /v1/uploads/upload_none/parts,", "POST /v1/uploads/upload_none/complete, application/json",
			"POST /v1/uploads/upload_none/cancel,", "HEAD /v1/uploads/upload_none,",
			"PATCH /v1/uploads/upload_none, application/offset+octet-stream~Tus-Resumable: 1.0.0~Upload-Offset: 0",
			"PATCH /v1/uploads/upload_none, application/partial-upload~Upload-Complete: ?1~Upload-Offset: 0",
			"DELETE /v1/uploads/upload_none,", "OPTIONS /v1/uploads,", "GET /v1/nothing,", "PUT /v1/files,",
			"POST /v1/files, text/plain" })
	void holdsOnEveryRoute(String line, String type) throws IOException {
		limits.set("alice", 1, 0);
		String request = line + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer "
				+ StowageServer.ALICE + "\r\n"
				+ ((type != null)
						? "Content-Type: " + type.replace("~", "\r\n") + "\r\nContent-Length: 7\r\n\r\n{\"a\":1}"
						: "\r\n");
		assertThat(send(request)).doesNotStartWith("HTTP/1.1 429")
			.contains("x-ratelimit-limit-requests: 1\r\n", "x-ratelimit-remaining-requests: 0\r\n",
					"x-ratelimit-reset-requests: 1m0s\r\n");
		assertThat(send(request)).startsWith("HTTP/1.1 429")
			.contains("Retry-After: 60\r\n", "x-ratelimit-limit-requests: 1\r\n",
					"x-ratelimit-remaining-requests: 0\r\n", "x-ratelimit-reset-requests: 1m0s\r\n");
	}

	private static String send(String request) throws IOException {
		try (RawConnection connection = new RawConnection(server)) {
			return connection.send(request).rest();
		}
	}

	@Test
	void countsARequestThatBreaksOnceAndAnswersItWithTheHeaders() throws IOException {
		limits.set("alice", 2, 0);
		assertThat(send("POST /v1/files HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + StowageServer.ALICE
				+ "\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n"))
			.startsWith("HTTP/1.1 400")
			.contains("malformed_body")
			.contains("x-ratelimit-remaining-requests: 1\r\n");
		assertThat(server.alice().get("/v1/files").status()).isEqualTo(200);
		assertThat(server.alice().get("/v1/files").status()).isEqualTo(429);
	}

	@ParameterizedTest
	@ValueSource(strings = { "/actuator/health", "/actuator/health/liveness", "/actuator/health/readiness", "/docs",
			"/swagger-ui/index.html", "/openapi.json", "/swagger-ui/swagger-initializer.js",
			"/openapi-anthropic.yaml" })
	void countsNeitherHealthNorDocuments(String path) {
		limits.set("alice", 1, 0);
		for (int i = 0; i < 3; i++) {
			Answer answer = server.alice().get(path);
			assertThat(answer.status()).isNotEqualTo(429);
			assertThat(answer.header("x-ratelimit-limit-requests")).isEmpty();
		}
		assertThat(server.alice().get("/v1/files").status()).isEqualTo(200);
	}

	@Test
	void countsNeitherMetricsNorRequestsWithoutAnOwner() {
		limits.set("alice", 1, 0);
		for (int i = 0; i < 3; i++) {
			assertThat(server.with(METRICS_KEY).get("/actuator/prometheus").status()).isEqualTo(200);
			assertThat(server.with("").get("/v1/files").status()).isEqualTo(401);
			assertThat(server.with("").get("/v1/files").header("x-ratelimit-limit-requests")).isEmpty();
		}
	}

	@Test
	void followsALimitThatChangesAtTheNextRequest() {
		limits.set("alice", 1, 0);
		assertThat(server.alice().get("/v1/files").status()).isEqualTo(200);
		assertThat(server.alice().get("/v1/files").status()).isEqualTo(429);
		limits.set("alice", 0, 0);
		Answer unlimited = server.alice().get("/v1/files");
		assertThat(unlimited.status()).isEqualTo(200);
		assertThat(unlimited.header("x-ratelimit-limit-requests")).isEmpty();
		limits.set("alice", 60, 0);
		assertThat(server.alice().get("/v1/files").header("Retry-After")).contains("1");
		limits.time().pass(Duration.ofSeconds(1));
		assertThat(server.alice().get("/v1/files").status()).isEqualTo(200);
	}

	@Test
	void isSeenByAClientThatIsStillSending() {
		limits.set("alice", 1, 0);
		server.alice().get("/v1/files");
		Answer refused = server.alice()
			.upload(new Form().field("purpose", "user_data").file("large", new byte[40 << 20]).bytes());
		assertThat(refused.status()).isEqualTo(429);
		assertThat(refused.header("Connection")).isEmpty();
	}

	@Test
	void asksNoBytesOfAClientThatAsksBefore() throws IOException {
		limits.set("alice", 1, 0);
		server.alice().get("/v1/files");
		try (RawConnection asking = new RawConnection(server)) {
			asking.uploadHead("Content-Length: 1000000", "Expect: 100-continue");
			assertThat(asking.statusLine()).startsWith("HTTP/1.1 429");
		}
	}

	@Test
	void neverAdmitsMoreHoweverManyRequestsAreSimultaneous() throws Exception {
		limits.set("alice", 20, 0);
		assertThat(Collections.frequency(Together.run(48, () -> server.alice().get("/v1/files?limit=1").status()), 200))
			.isEqualTo(20);
	}

	@Test
	void letsPagesOfAnAllowedOriginReadItsHeaders() {
		limits.set("alice", 1, 0);
		Stream.of(200, 429).forEach((status) -> {
			Answer answer = server.alice().get("/v1/files", "Origin", ORIGIN);
			assertThat(answer.status()).isEqualTo(status);
			assertThat(answer.header("Access-Control-Allow-Origin")).contains(ORIGIN);
			assertThat(answer.header("Access-Control-Expose-Headers").orElseThrow()).contains("Retry-After",
					"x-ratelimit-limit-requests", "x-ratelimit-remaining-requests", "x-ratelimit-reset-requests");
		});
	}

	private static double refused() {
		return server.bean("prometheusMeterRegistry", MeterRegistry.class)
			.get("stowage.rate.limited")
			.tag("limit", "requests")
			.counter()
			.count();
	}

}
