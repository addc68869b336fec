package dev.stowage.http.path;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

import dev.stowage.support.RawConnection;
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
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.security.web.firewall.HttpFirewall;
import org.springframework.security.web.firewall.RequestRejectedException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** All spellings of a path lead to one route under one rule, and to no other. */
@ExtendWith(OutputCaptureExtension.class)
class RequestPathTests {

	private static final String METRICS_KEY = "metrics-0123456789abcdef";

	private static final String CONTENT = "the content of a file";

	@TempDir
	static Path folder;

	private static StowageServer server;

	private static int exchanges;

	private static String file;

	@BeforeAll
	static void start() {
		server = StowageServer.start(folder, "stowage.metrics-key=" + METRICS_KEY,
				"management.endpoints.web.exposure.include=*", "management.endpoints.web.discovery.enabled=true");
		file = server.alice().uploaded("user_data", "a.txt", CONTENT);
	}

	@AfterAll
	static void stop() {
		server.close();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			/v1/files           | /v1/files
			//v1/files          | /v1/files
			/v1///files//       | /v1/files
			/                   | /
			///                 | /
			/v1/%66iles         | /v1/files
			/v1/file%2dx%7e     | /v1/file-x~
			/v1/a%2fb           | /v1/a%252Fb
			/v1/a%2Fb%5C;c%3b   | /v1/a%252Fb%255C%253Bc%253B
			/v1/100%25          | /v1/100%2525
			/v1/100%            | /v1/100%2525
			/v1/%2              | /v1/%25252
			/v1/%zz             | /v1/%2525zz
			/v1/%252F           | /v1/%25252F
			/v1/..              | /v1/%252E%252E
			/v1/.%2e/%2E        | /v1/%252E%252E/%252E
			/v1/...             | /v1/...
			/v1/a..b            | /v1/a..b
			/v1/%00%0d%0A%7f    | /v1/%2500%250D%250A%257F
			/v1/%C3%A9          | /v1/%25C3%25A9
			/v1/{id}            | /v1/%257Bid%257D
			/v1/a:b@c+d,e       | /v1/a:b@c+d,e
			""")
	void haveOneSpelling(String raw, String path) {
		assertThat(RequestPath.of(raw)).isEqualTo(path);
		assertThat(RequestPath.of(RequestPath.shown(path))).isEqualTo(path);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			gs%3A%2F%2Fb%2Fo     | gs://b/o
			a;b                  | a;b
			a%3Bb                | a;b
			;                    | ;
			100%25               | 100%
			100%                 | 100%
			%252F                | %2F
			a%5Cb                | a\\\\b
			a%00b                | a\\u0000b
			%0D%0AX-Bad:%20y     | \\r\\nX-Bad: y
			..                   | ..
			.                    | .
			%2e%2E               | ..
			.%2e%2F..            | ../..
			..%2F..%2Factuator%2Fprometheus | ../../actuator/prometheus
			{id}                 | {id}
			[a]|[a]
			a%7Cb                | 'a|b'
			%C3%A9%20x             | é x
			%FF                  | \ufffd
			%                    | %
			file-%2F             | file-/
			""")
	void areIdsOfNoFileWhateverTheyHold(String id, String text, CapturedOutput output) throws IOException {
		int before = output.length();
		for (String request : List.of("GET /v1/files/" + id, "DELETE /v1/files/" + id,
				"GET /v1/files/" + id + "/content", "POST /v1/files/" + id + "/complete",
				"GET //v1//files/" + id + "/")) {
			assertThat(exchange(request, "")).as(request).startsWith("HTTP/1.1 401");
			String answer = exchange(request, StowageServer.ALICE);
			assertThat(answer).as(request)
				.startsWith("HTTP/1.1 404")
				.contains("\"code\":\"file_not_found\"", "\"detail\":\"No such File object: " + text + "\"");
			assertThat(answer.substring(0, answer.indexOf("\r\n\r\n"))).doesNotContain("X-Bad");
		}
		assertThat(output.toString().substring(before)).doesNotContain("X-Bad").doesNotContain("ERROR");
	}

	@Test
	void areIdsOfNoFileEvenIfTheyEndALine(CapturedOutput output) throws IOException {
		areIdsOfNoFileWhateverTheyHold("a%E2%80%A8b%C2%85", "a\u2028b\u0085", output);
	}

	@ParameterizedTest
	@ValueSource(strings = { "//v1/files", "/v1//files", "/v1/files/", "///v1///files///", "/%76%31/files",
			"/v1/files/?limit=5", "/v1//files?order=asc" })
	void mayRepeatSlashesAndEndInOne(String path) throws IOException {
		assertThat(exchange("GET " + path, "")).startsWith("HTTP/1.1 401");
		assertThat(exchange("GET " + path, StowageServer.ALICE)).startsWith("HTTP/1.1 200")
			.contains("\"object\":\"list\"", file);
	}

	@Test
	void mayRepeatSlashesInEveryRoute() throws IOException {
		assertThat(exchange("GET /v1/files//" + file + "/", StowageServer.ALICE)).startsWith("HTTP/1.1 200");
		assertThat(exchange("GET /v1//files/" + file + "//content/", StowageServer.ALICE)).endsWith(CONTENT);
		assertThat(exchange("HEAD //v1/files/" + file + "/content/", StowageServer.ALICE)).startsWith("HTTP/1.1 200");
		assertThat(exchange("GET /actuator//health/readiness/", "")).startsWith("HTTP/1.1 200");
		assertThat(exchange("GET //actuator/prometheus/", METRICS_KEY)).startsWith("HTTP/1.1 200");
		assertThat(exchange("GET //openapi.json/", "")).startsWith("HTTP/1.1 200");
	}

	/** Should a later change no longer rewrite them. */
	@ParameterizedTest
	@ValueSource(
			strings = { "/v1/../actuator", "/v1//files", "/v1/files/", "/v1/a%2Fb", "/v1/a;b", "/v1/%2e%2e/a", "v1" })
	void areRefusedInAnyOtherSpelling(String path) {
		HttpFirewall firewall = server.bean("firewall", HttpFirewall.class);
		assertThatExceptionOfType(RequestRejectedException.class)
			.isThrownBy(() -> firewall.getFirewalledRequest(new MockHttpServletRequest("GET", path)));
		assertThat(firewall.getFirewalledRequest(new MockHttpServletRequest("GET", RequestPath.of(path)))).isNotNull();
	}

	@Test
	void areShownEncodedWhereThereIsNoRoute() throws IOException {
		assertThat(exchange("GET /v1/%0d%0aX/a;b", StowageServer.ALICE)).startsWith("HTTP/1.1 404")
			.contains("Unknown request URL: GET /v1/%0D%0AX/a%3Bb. Please check the URL for typos.");
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "actuator/prometheus", "actuator/env", "v1/files", "v1/files/FILE", "v1/files/FILE/content" })
	void openNothingWithoutTheRightKey(String target) throws IOException {
		List<String> wrongKeys = target.equals("v1/files") ? List.of("", METRICS_KEY) : List.of("", StowageServer.BOB);
		for (String path : spellings(target.replace("FILE", file))) {
			for (String key : wrongKeys) {
				String answer = exchange("GET " + path, key);
				assertThat(answer).as("%s with '%s'", path, key)
					.startsWith("HTTP/1.1 ")
					.doesNotContain(CONTENT, "\"object\":\"file\"", "\"object\":\"list\"", "jvm_memory",
							"systemProperties", "\"_links\"");
			}
		}
	}

	/** Ways in which servers have been made to see two paths in one. */
	private static Set<String> spellings(String target) {
		Set<String> spellings = new LinkedHashSet<>();
		for (String slash : List.of("//", "/./", "%2F", "%2f", "%252F", "%5C", "\\", ";/", ";x=y/", "/;/", "/%2e/",
				"/.;/", "/x/../", "/x/%2e%2e/", "/x/..;/", "/%00/", "%00/", "/%20/", "%20/", "/%09", "%0A/")) {
			spellings.add("/" + target.replace("/", slash));
			spellings.add(slash + target);
			spellings.add("/" + target + slash);
		}
		for (String open : List.of("/docs", "/swagger-ui", "/actuator/health")) {
			for (String up : List.of("/..", "/%2e%2e", "/.%2E", "/..;", "/..;x", "/%2e%2e;", "%2F..", "/..%2F", "\\..",
					"%5C..", "/%252e%252e", "/..%00", "/..%5c", "/%c0%ae%c0%ae", "/..%c0%af")) {
				spellings.add(open + up + "/" + target);
				spellings.add(open + "/x" + up + up + "/" + target);
			}
			for (String end : List.of("?/", ";/", "%3F/", "%23/")) {
				spellings.add(open + end + target);
			}
		}
		spellings.addAll(List.of("/" + target, "/" + target.toUpperCase(Locale.ROOT),
				"/" + target.replace('a', 'A').replace('v', 'V'), "/" + target + ".json", "/" + target + "%00.html",
				"/" + target + ";.css", "http://x/" + target, "http://x//" + target + "/", "/" + encoded(target, '/'),
				"/" + encoded(target, '\0')));
		return spellings;
	}

	/** Every character percent-encoded except one. */
	private static String encoded(String target, char except) {
		StringBuilder encoded = new StringBuilder();
		target.chars().forEach((next) -> encoded.append((next == except) ? "/" : "%%%02x".formatted(next)));
		return encoded.toString();
	}

	/** Many wrong keys of one address would be answered slowly. */
	private static String exchange(String request, String key) throws IOException {
		String address = "X-Forwarded-For: 192.0.2." + (exchanges++ % 250) + "\r\n";
		String authorization = key.isEmpty() ? "" : "Authorization: Bearer " + key + "\r\n";
		try (RawConnection connection = new RawConnection(server)) {
			return connection
				.send((request + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 0\r\n" + address
						+ authorization + "\r\n")
					.getBytes(StandardCharsets.UTF_8))
				.rest();
		}
	}

}
