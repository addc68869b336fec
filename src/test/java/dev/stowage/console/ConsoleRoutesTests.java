package dev.stowage.console;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import dev.stowage.support.Answer;
import dev.stowage.support.Caller;
import dev.stowage.support.RawConnection;
import dev.stowage.support.StowageServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static java.net.http.HttpRequest.BodyPublishers.noBody;
import static org.assertj.core.api.Assertions.assertThat;

/** How the files of the console are served. */
class ConsoleRoutesTests {

	private static final List<String> FILES = List.of("index.html", "style.css", "api.js", "uploads.js", "files.js",
			"app.js", "admin.js");

	private static final Pattern REFERENCE = Pattern.compile("(?:src|href)=\"(/console/[^\"]+)\"|from '\\./([^']+)'");

	@TempDir
	static Path folder;

	private static StowageServer server;

	private static Caller stranger;

	@BeforeAll
	static void start() {
		server = StowageServer.start(folder.resolve("on"));
		stranger = server.with("");
	}

	@AfterAll
	static void stop() {
		server.close();
	}

	@Test
	void theRootLeadsToTheConsole() {
		Answer answer = stranger.get("/");
		assertThat(answer.status()).isEqualTo(303);
		assertThat(answer.header("Location")).contains("/console/");
	}

	@Test
	void everyFileComesWithAPolicyThatAllowsOnlyItsOwnServerAndItsStore() {
		String store = server.alice()
			.post("/v1/files", "{\"filename\": \"a.json\"}")
			.text("upload_url")
			.replaceFirst("(//[^/]+)/.*", "$1");
		for (String path : Stream.concat(Stream.of(""), FILES.stream()).toList()) {
			Answer answer = stranger.get("/console/" + path);
			assertThat(answer.status()).as(path).isEqualTo(200);
			assertThat(answer.header("Content-Security-Policy")).contains("default-src 'none'; script-src 'self';"
					+ " style-src 'self'; img-src 'self' blob: data:; frame-ancestors 'none'; base-uri 'none';"
					+ " form-action 'none'; connect-src 'self' " + store);
			assertThat(answer.header("X-Content-Type-Options")).contains("nosniff");
			assertThat(answer.header("Referrer-Policy")).contains("no-referrer");
			assertThat(answer.header("Cache-Control")).contains("no-cache");
			assertThat(answer.header("Set-Cookie")).isEmpty();
		}
	}

	@Test
	void aFileThatABrowserHasIsNotSentAgain() {
		Answer first = stranger.get("/console/app.js");
		assertThat(first.header("Content-Type")).contains("text/javascript;charset=UTF-8");
		Answer second = stranger.get("/console/app.js", "If-None-Match", first.header("ETag").orElseThrow());
		assertThat(second.status()).isEqualTo(304);
		assertThat(second.bytes()).isEmpty();
		Answer head = stranger.send("HEAD", "/console/app.js", noBody());
		assertThat(head.status()).isEqualTo(200);
		assertThat(head.header("Content-Length")).contains(String.valueOf(first.bytes().length));
	}

	@ParameterizedTest
	@ValueSource(strings = { "/console/nothing.js", "/console/a/b", "/console/..%2fapplication.yaml",
			"/console/%2e%2e/x", "/console/index.html%00", "/console/INDEX.HTML", "/console/;x" })
	void anyOtherPathIsNotFound(String path) {
		Answer answer = stranger.get(path);
		assertThat(answer.status()).as(answer.body()).isEqualTo(404);
		assertThat(answer.json().at("/error/type").asString()).isEqualTo("invalid_request_error");
		assertThat(answer.text("request_id")).startsWith("req_");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/console/?", "/console/?key=%zz&a[]=1", "/console/index.html?v=1" })
	void aQueryMeansNothing(String path) throws IOException {
		try (RawConnection connection = new RawConnection(server)) {
			assertThat(connection.send("GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").answer())
				.startsWith("HTTP/1.1 200");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "POST", "PUT", "DELETE", "PATCH" })
	void nothingCanBeSentThere(String method) {
		for (String path : List.of("/", "/console/", "/console/app.js")) {
			Answer answer = stranger.send(method, path, noBody());
			assertThat(answer.status()).as(answer.body()).isEqualTo(405);
			assertThat(answer.header("Allow").orElseThrow()).contains("GET", "HEAD");
		}
	}

	@Test
	void theFilesAreShortAndNameNoOtherServer() {
		int bytes = 0;
		long lines = 0;
		for (String name : FILES) {
			Answer answer = stranger.get("/console/" + name);
			bytes += answer.bytes().length;
			lines += answer.body().lines().count();
			REFERENCE.matcher(answer.body()).results().forEach((found) -> {
				String file = (found.group(1) != null) ? found.group(1).substring("/console/".length())
						: found.group(2);
				assertThat(FILES).contains(file);
			});
			assertThat(answer.body()).doesNotContain("innerHTML", "document.cookie", "eval(");
		}
		assertThat(lines).isLessThan(1_500);
		assertThat(bytes).isLessThan(100 << 10);
	}

	@Test
	void theConsoleNeedsNoDatabase() {
		try (StowageServer other = StowageServer.start(folder.resolve("lost"))) {
			other.loseDatabase();
			assertThat(other.with("").get("/console/").status()).isEqualTo(200);
			assertThat(other.alice().get("/console/app.js").status()).isEqualTo(200);
		}
	}

	@Test
	void aSettingRemovesTheConsole() {
		try (StowageServer other = StowageServer.start(folder.resolve("off"), "stowage.console=false")) {
			for (String path : List.of("/", "/console/", "/console/app.js")) {
				assertThat(other.with("").get(path).status()).isEqualTo(401);
				assertThat(other.alice().get(path).status()).isEqualTo(404);
			}
		}
	}

}
