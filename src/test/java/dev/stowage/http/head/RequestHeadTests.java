package dev.stowage.http.head;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import dev.stowage.support.Answer;
import dev.stowage.support.Form;
import dev.stowage.support.RawConnection;
import dev.stowage.support.Soon;
import dev.stowage.support.StowageServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/** Heads of requests that real clients and networks send, and those that are refused. */
@ExtendWith(OutputCaptureExtension.class)
class RequestHeadTests {

	private static final String ORIGIN = "https://app.example";

	private static final String KEY = "Authorization: Bearer " + StowageServer.ALICE + "\r\n";

	@TempDir
	static Path folder;

	private static StowageServer server;

	@BeforeAll
	static void start() {
		server = StowageServer.start(folder, "stowage.cors-origins=" + ORIGIN + ",https://other.example");
	}

	@AfterAll
	static void stop() {
		server.close();
	}

	@ParameterizedTest
	@ValueSource(strings = { "stowage_backend", "a_b:8080", "_x", "x_", "_", "my_stack_stowage.1.x_y", "10_0.0.1:80",
			"STOWAGE_Backend", "localhost", "[::1]:8080", "192.0.2.1", "x." })
	void areAcceptedWhateverTheNetworkCallsTheServer(String host) throws IOException {
		for (String path : List.of("/actuator/health/readiness", "/v1/files", "/openapi.json", "/docs")) {
			assertThat(exchange("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\n" + KEY)).as(path)
				.matches("(?s)HTTP/1.1 (200|302).*");
		}
		String form = new String(new Form().field("purpose", "user_data").file("a", "x").bytes(),
				StandardCharsets.UTF_8);
		assertThat(exchange("POST /v1/files HTTP/1.1\r\nHost: " + host + "\r\n" + KEY + "Content-Type: "
				+ Form.CONTENT_TYPE + "\r\nContent-Length: " + form.length() + "\r\n", form))
			.startsWith("HTTP/1.1 200");
		assertThat(exchange("GET http://" + host + "/v1/files HTTP/1.1\r\nHost: " + host + "\r\n" + KEY))
			.startsWith("HTTP/1.1 200");
	}

	@ParameterizedTest
	@ValueSource(strings = { "stowage_backend", "a_b:8080", "no such name", "" })
	void areAcceptedWhateverAProxyCallsTheServer(String host) throws IOException {
		assertThat(exchange("GET /v1/files HTTP/1.1\r\nHost: stowage_backend\r\nX-Forwarded-Host: " + host
				+ "\r\nX-Forwarded-Proto: https\r\n" + KEY))
			.startsWith("HTTP/1.1 200");
	}

	@ParameterizedTest
	@ValueSource(strings = { "Host: a b", "Host: a_b c", "Host: user@a_b", "Host: a_b:x", "Host: a_b/", "Host: [::_]",
			"Host: a\u00fcb", "Host: a,b_c", "Host:", "Host: ", "Host: a\r\nHost: b", "Host: a_b\r\nHost: a_b",
			"X: y" })
	void areRefusedWithoutOneHostThatCanBeRead(String header, CapturedOutput output) throws IOException {
		refused("GET /v1/files HTTP/1.1\r\nOrigin: " + ORIGIN + "\r\n" + header + "\r\n", 400, "invalid_host",
				"exactly one Host header", output);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					GARBAGE                                                                | 400 | malformed_request   | request line or a header
					GET /v1/fi^les HTTP/1.1%Host: x                                        | 400 | malformed_request   | request line or a header
					GET v1/files HTTP/1.1%Host: x                                          | 400 | malformed_request   | request line or a header
					GET * HTTP/1.1%Host: x                                                 | 400 | malformed_request   | request line or a header
					G<T /v1/files HTTP/1.1%Host: x                                         | 400 | malformed_request   | request line or a header
					GET /v1/files HTTP/1.1%Host: x%Bad Header: x                           | 400 | malformed_request   | request line or a header
					GET /v1/files HTTP/1.1%Host: a@b                                       | 400 | invalid_host        | exactly one Host header
					GET /v1/files HTTP/1.1%Host: a_@b                                      | 400 | invalid_host        | exactly one Host header
					GET http://a/v1/files HTTP/1.1%Host: b                                 | 400 | malformed_request   | request line or a header
					POST /v1/files HTTP/1.1%Host: x%Content-Length: ten                    | 400 | malformed_request   | length of the body
					POST /v1/files HTTP/1.1%Host: x%Content-Length: 1%Content-Length: 2    | 400 | malformed_request   | length of the body
					GET /v1/files HTTP/1.1%Host: x%Long: LONG                              | 431 | headers_too_large   | headers of the request
					GET /v1/files HTTP/1.1%Host: x%MANY                                    | 431 | headers_too_large   | headers of the request
					GET /v1/files?x=LONG HTTP/1.1%Host: x                                  | 414 | url_too_long        | URL is longer
					GET /v1/files HTTP/3.7%Host: x                                         | 505 | http_version_not_supported | HTTP/1.1
					GET /v1/files HTTP/2.0%Host: x                                         | 505 | http_version_not_supported | HTTP/1.1
					TRACE /v1/files HTTP/1.1%Host: x                                       | 405 | method_not_allowed  | TRACE and CONNECT
					CONNECT x:443 HTTP/1.1%Host: x:443                                     | 405 | method_not_allowed  | TRACE and CONNECT
					POST /v1/files HTTP/1.1%Host: x%Expect: wonders                        | 417 | expectation_failed  | 100-continue
					POST /v1/files HTTP/1.1%Host: x%Transfer-Encoding: foo                 | 501 | not_implemented     | chunked
					""")
	void areRefusedWithAReasonOfTheirOwn(String request, int status, String code, String text, CapturedOutput output)
			throws IOException {
		String[] lines = request.split("%", 2);
		String head = lines[0] + "\r\n" + "Origin: " + ORIGIN + "\r\n"
				+ ((lines.length > 1) ? lines[1].replace("%", "\r\n") : "X: y");
		refused(head.replace("LONG", "l".repeat(9_000)).replace("MANY", "a: b\r\n".repeat(200) + "c: d") + "\r\n",
				status, code, text, output);
	}

	private static void refused(String head, int status, String code, String text, CapturedOutput output)
			throws IOException {
		int before = output.length();
		String answer = exchange(head);
		assertThat(answer).startsWith("HTTP/1.1 " + status)
			.contains("Content-Type: application/problem+json", "x-request-id: req_", "X-Content-Type-Options: nosniff")
			.contains("\"status\":" + status, "\"code\":\"" + code + "\"", text);
		// where Tomcat has read the header
		if (!code.equals("malformed_request") && !code.equals("url_too_long")) {
			assertThat(answer).contains("Access-Control-Allow-Origin: " + ORIGIN,
					"Access-Control-Expose-Headers: Retry-After, x-request-id");
		}
		String id = answer.replaceFirst("(?s).*x-request-id: (req_\\w+).*", "$1");
		Soon.await().until(() -> output.toString().contains(id));
		assertThat(output.toString().substring(before).lines().filter((line) -> line.contains(id))).singleElement()
			.asString()
			.contains("Refused a request: " + status + " " + code);
	}

	@Test
	void areRefusedForPagesToReadEvenIfTheirOriginWasNotRead(@TempDir Path data) throws IOException {
		try (StowageServer single = StowageServer.start(data, "stowage.cors-origins=" + ORIGIN);
				RawConnection connection = new RawConnection(single)) {
			assertThat(connection.send("GET /^ HTTP/1.1\r\nHost: x\r\nOrigin: " + ORIGIN + "\r\n\r\n").rest())
				.startsWith("HTTP/1.1 400")
				.contains("Access-Control-Allow-Origin: " + ORIGIN);
		}
	}

	@Test
	void areNotReadableForPagesOfOtherOrigins() throws IOException {
		assertThat(exchange("GET /v1/files HTTP/1.1\r\nHost: a b\r\nOrigin: https://evil.example\r\n"))
			.startsWith("HTTP/1.1 400")
			.doesNotContain("Access-Control-Allow-Origin", "evil");
	}

	@ParameterizedTest
	@ValueSource(strings = { "Host: a b\r\nContent-Length: 8388608\r\n\r\n", "Host: x\r\nLong: ", "Bad Header\r\n" })
	void areAnsweredEvenToAClientThatSendsMuchBeforeItReads(String head) throws IOException {
		for (int i = 0; i < 5; i++) {
			try (RawConnection connection = new RawConnection(server)) {
				connection.send("POST /v1/files HTTP/1.1\r\n" + head);
				for (int j = 0; j < 8; j++) {
					connection.send("l".repeat(1 << 20));
				}
				assertThat(connection.rest()).startsWith("HTTP/1.1 4").contains("\"code\":\"");
			}
		}
	}

	@Test
	void areRefusedWithoutABodyWhereTheyAskForNone() throws IOException {
		assertThat(exchange("HEAD /v1/files HTTP/1.1\r\nHost: a b\r\n")).startsWith("HTTP/1.1 400")
			.endsWith("\r\n\r\n");
	}

	@Test
	void needNoHostInHttp10() throws IOException {
		assertThat(exchange("GET /actuator/health HTTP/1.0\r\n")).startsWith("HTTP/1.1 200");
	}

	@ParameterizedTest
	@ValueSource(strings = { "5\r\nhello\r\nZZ\r\n", "-1\r\n", "5\r\nhelloX", "99999999999999999999\r\n" })
	void areRefusedForMalformedChunks(String chunks, CapturedOutput output) throws IOException {
		String answer = exchange("POST /v1/files HTTP/1.1\r\nHost: x\r\nOrigin: " + ORIGIN + "\r\n" + KEY
				+ "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n", chunks);
		assertThat(answer).startsWith("HTTP/1.1 400")
			.contains("\"code\":\"malformed_body\"", "The chunks of the body are malformed.")
			.contains("Access-Control-Allow-Origin: " + ORIGIN);
		String id = answer.replaceFirst("(?s).*x-request-id: (req_\\w+).*", "$1");
		Soon.await().until(() -> output.toString().contains(id));
		assertThat(output.toString().lines().filter((line) -> line.contains(id))).singleElement()
			.asString()
			.contains("Refused a request: 400 malformed_body");
	}

	@Test
	void areAnsweredOtherwiseWhenTheBodyEnds() throws IOException {
		try (RawConnection connection = new RawConnection(server)) {
			assertThat(connection
				.send("POST /v1/files HTTP/1.1\r\nHost: x\r\n" + KEY
						+ "Content-Type: application/json\r\nContent-Length: 10\r\n\r\n{")
				.endOutput()
				.rest()).startsWith("HTTP/1.1 400")
				.contains("\"code\":\"validation_error\"", "The body ended before its declared length.");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "purpose[]=batch", "purpose={batch}", "purpose=a|b", "limit=[1]", "x={}&limit=1|2",
			"after=]", "limit=1&x[y]={z}|" })
	void mayHaveTheseCharactersInTheirQuery(String query) throws IOException {
		String encoded = query.replace("[", "%5B")
			.replace("]", "%5D")
			.replace("{", "%7B")
			.replace("}", "%7D")
			.replace("|", "%7C");
		String answer = exchange("GET /v1/files?" + query + " HTTP/1.1\r\nHost: x\r\n" + KEY);
		String expected = exchange("GET /v1/files?" + encoded + " HTTP/1.1\r\nHost: x\r\n" + KEY);
		assertThat(body(answer)).isEqualTo(body(expected));
		assertThat(answer.lines().findFirst()).isEqualTo(expected.lines().findFirst());
	}

	private static String body(String answer) {
		return answer.substring(answer.indexOf("\r\n\r\n")).replaceAll("req_\\w+", "");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			PROPFIND | /v1/files                | GET HEAD OPTIONS POST
			PATCH    | /v1/files                | GET HEAD OPTIONS POST
			PUT      | /v1/files                | GET HEAD OPTIONS POST
			DELETE   | /v1/files                | GET HEAD OPTIONS POST
			get      | /v1/files                | GET HEAD OPTIONS POST
			PUT      | /v1/files/file-x         | DELETE GET HEAD OPTIONS
			POST     | /v1/files/file-x         | DELETE GET HEAD OPTIONS
			MKCOL    | /v1/files/file-x         | DELETE GET HEAD OPTIONS
			DELETE   | /v1/files/file-x/content | GET HEAD OPTIONS
			GET      | /v1/files/file-x/complete | OPTIONS POST
			PURGE    | /actuator/health         | GET HEAD OPTIONS
			""")
	void areRefusedForAMethodWithAllThatWork(String method, String path, String allowed) throws IOException {
		String answer = exchange(
				method + " " + path + " HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nOrigin: " + ORIGIN + "\r\n" + KEY);
		assertThat(answer).startsWith("HTTP/1.1 405")
			.contains("\"code\":\"method_not_allowed\"", "Method not allowed: " + method + " " + path + ".");
		assertThat(allow(answer)).isEqualTo(new TreeSet<>(Arrays.asList(allowed.split(" ", -1))));
		for (String works : allowed.split(" ", -1)) {
			String other = exchange(works + " " + path + " HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n" + KEY);
			assertThat(other).as(works).doesNotStartWith("HTTP/1.1 405").doesNotStartWith("HTTP/1.1 5");
		}
		if (path.startsWith("/v1")) {
			assertThat(answer).contains("Access-Control-Allow-Origin: " + ORIGIN);
			assertThat(exchange(method + " " + path + " HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n"))
				.startsWith("HTTP/1.1 401");
		}
	}

	private static Set<String> allow(String answer) {
		String allow = answer.lines().filter((line) -> line.startsWith("Allow: ")).findFirst().orElseThrow();
		return new TreeSet<>(Arrays.asList(allow.substring("Allow: ".length()).split(", *", -1)));
	}

	@Test
	void mayBeLargerIfTheServerIsSetSo(@TempDir Path data) {
		try (StowageServer generous = StowageServer.start(data, "server.max-http-request-header-size=64KB")) {
			Answer answer = generous.alice().get("/v1/files", "Long", "l".repeat(60_000));
			assertThat(answer.status()).isEqualTo(200);
			assertThat(generous.alice().get("/v1/files", "Long", "l".repeat(70_000)).status()).isEqualTo(431);
		}
	}

	private static String exchange(String head) throws IOException {
		return exchange(head, "");
	}

	private static String exchange(String head, String body) throws IOException {
		try (RawConnection connection = new RawConnection(server)) {
			String text = head + "Connection: close\r\n\r\n" + body;
			return connection.send(text.getBytes(StandardCharsets.UTF_8)).rest();
		}
	}

}
