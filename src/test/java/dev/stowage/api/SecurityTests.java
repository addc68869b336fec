package dev.stowage.api;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

import dev.stowage.support.Answer;
import dev.stowage.support.Form;
import dev.stowage.support.RawConnection;
import dev.stowage.support.StowageServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Which requests are allowed, and what the others get. */
class SecurityTests {

	@TempDir
	static Path folder;

	private static StowageServer server;

	@BeforeAll
	static void start() {
		server = StowageServer.start(folder, "stowage.cors-origins=https://app.example");
	}

	@AfterAll
	static void stop() {
		server.close();
	}

	@Test
	void opensNothingElseToKeyWhateverIsExposed(@TempDir Path data) {
		try (StowageServer open = StowageServer.start(data, "management.endpoints.web.exposure.include=*",
				"management.endpoints.web.discovery.enabled=true")) {
			for (String path : List.of("/actuator", "/actuator/env", "/actuator/threaddump", "/actuator/loggers",
					"/actuator/metrics", "/actuator/health/db", "/nothing")) {
				assertThat(open.alice().get(path).status()).as(path).isEqualTo(404);
				assertThat(open.alice().get(path).text("code")).isEqualTo("not_found");
				assertThat(open.with("").get(path).status()).as(path).isEqualTo(401);
			}
			assertThat(open.alice().post("/actuator/loggers/root", "{\"configuredLevel\": \"OFF\"}").status())
				.isEqualTo(404);
		}
	}

	@ParameterizedTest
	@CsvSource({ "GET, /v1/files", "POST, /v1/files", "GET, /v1/files/x", "GET, /v1/files/x/content",
			"DELETE, /v1/files/x", "POST, /v1/files/x/complete", "GET, /nothing", "GET, /actuator/env", "GET, /error",
			"GET, /actuator", "GET, /actuator/health/db", "GET, /actuator/prometheus" })
	void asksForAKey(String method, String path) throws IOException {
		try (RawConnection connection = new RawConnection(server)) {
			String answer = connection
				.send(method + " " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
				.rest();
			assertThat(answer).startsWith("HTTP/1.1 401")
				.contains("WWW-Authenticate: Bearer")
				.contains("x-request-id: req_")
				.contains("\"code\":\"invalid_api_key\"")
				.contains("\"message\":\"You didn't provide an API key.")
				.contains("\"param\":null,\"code\":null}");
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			Bearer sk-wrong-key-0123456789xyz | Incorrect API key provided: sk-w…xyz.
			bearer sk-wrong-key-0123456789xyz | Incorrect API key provided: sk-w…xyz.
			Bearer short                      | Incorrect API key provided: ….
			""")
	void refusesAWrongKeyAndMasksIt(String authorization, String message) throws IOException {
		try (RawConnection connection = new RawConnection(server)) {
			String answer = connection
				.send("GET /v1/files HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: " + authorization
						+ "\r\n\r\n")
				.rest();
			assertThat(answer).startsWith("HTTP/1.1 401")
				.contains("WWW-Authenticate: Bearer")
				.contains("\"message\":\"" + message
						+ "\",\"type\":\"invalid_request_error\",\"param\":null,\"code\":\"invalid_api_key\"")
				.doesNotContain("wrong-key");
		}
	}

	@Test
	void showsNobodyMetricsAsLongAsTheyHaveNoKey() {
		assertThat(server.alice().get("/actuator/prometheus").status()).isEqualTo(401);
		assertThat(server.with("null").get("/actuator/prometheus").status()).isEqualTo(401);
	}

	@Test
	void refusesBeforeAnyBodyIsRead() throws IOException {
		try (RawConnection connection = new RawConnection(server)) {
			connection.send("POST /v1/files HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer sk-wrong-key-0123456789xyz\r\n"
					+ "Content-Type: " + Form.CONTENT_TYPE
					+ "\r\nContent-Length: 1000000\r\nExpect: 100-continue\r\n\r\n");
			assertThat(connection.statusLine()).startsWith("HTTP/1.1 401");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "PUT", "PATCH", "DELETE" })
	void refusesBeforeAFormIsRead(String method) throws IOException {
		try (RawConnection connection = new RawConnection(server)) {
			connection.send(method + " /v1/files/x HTTP/1.1\r\nHost: x\r\nContent-Type: "
					+ "application/x-www-form-urlencoded\r\nContent-Length: 1000000\r\n\r\n");
			assertThat(connection.statusLine()).startsWith("HTTP/1.1 401");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "/actuator/health", "/actuator/health/liveness", "/actuator/health/readiness" })
	void showsHealthToEveryoneAndNothingElseOfIt(String path) throws IOException {
		try (RawConnection connection = new RawConnection(server)) {
			String answer = connection.send("GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").rest();
			assertThat(answer).startsWith("HTTP/1.1 200").contains("\"status\":\"UP\"").doesNotContain("components");
		}
	}

	@Test
	void sendsSecurityHeadersWithEveryAnswer() {
		String id = server.alice().uploaded("user_data", "a", "x");
		for (Answer answer : List.of(server.alice().get("/v1/files"), server.with("").get("/v1/files"),
				server.alice().get("/nothing"), server.alice().get("/v1/files/" + id + "/content"))) {
			assertThat(answer.header("X-Content-Type-Options")).contains("nosniff");
			assertThat(answer.header("X-Frame-Options")).contains("DENY");
			assertThat(answer.header("Cache-Control"))
				.hasValueSatisfying((it) -> assertThat(it).containsAnyOf("no-store", "private, no-cache"));
			assertThat(answer.header("x-request-id")).isPresent();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "/docs", "/swagger-ui/index.html", "/swagger-ui/swagger-initializer.js" })
	void letsTheDescriptionsPageRunNothingButItsOwn(String path) {
		assertThat(server.with("").get(path).header("Content-Security-Policy").orElseThrow())
			.contains("default-src 'none'", "script-src 'self';", "connect-src 'self'", "frame-ancestors 'none'");
	}

	@Test
	void givesEveryRequestAnIdOfItsOwn() {
		List<String> ids = List.of(server.alice().get("/v1/files").header("x-request-id").orElseThrow(),
				server.alice().get("/v1/files").header("x-request-id").orElseThrow());
		assertThat(ids).doesNotHaveDuplicates().allMatch((id) -> id.matches("req_[0-9a-f]{32}"));
	}

	@Test
	void letsConfiguredOriginsInAndNoOthers() throws IOException {
		assertThat(preflight("https://app.example")).startsWith("HTTP/1.1 200")
			.contains("Access-Control-Allow-Origin: https://app.example")
			.containsIgnoringCase("Access-Control-Allow-Headers: authorization");
		assertThat(preflight("https://other.example")).startsWith("HTTP/1.1 403")
			.doesNotContain("Access-Control-Allow-Origin")
			.contains("\"code\":\"origin_not_allowed\"");
		try (RawConnection connection = new RawConnection(server)) {
			String answer = connection
				.send("GET /v1/files HTTP/1.1\r\nHost: x\r\nConnection: close\r\nOrigin: https://other.example\r\n"
						+ "Authorization: Bearer " + StowageServer.ALICE + "\r\n\r\n")
				.rest();
			assertThat(answer).startsWith("HTTP/1.1 403")
				.contains("Content-Type: application/problem+json")
				.contains("\"code\":\"origin_not_allowed\"");
		}
	}

	private static String preflight(String origin) throws IOException {
		try (RawConnection connection = new RawConnection(server)) {
			return connection.send("OPTIONS /v1/files HTTP/1.1\r\nHost: x\r\nConnection: close\r\nOrigin: " + origin
					+ "\r\nAccess-Control-Request-Method: POST\r\nAccess-Control-Request-Headers: authorization\r\n\r\n")
				.rest();
		}
	}

}
