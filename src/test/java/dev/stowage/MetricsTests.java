package dev.stowage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import dev.stowage.support.Answer;
import dev.stowage.support.Caller;
import dev.stowage.support.Form;
import dev.stowage.support.RawConnection;
import dev.stowage.support.Scrape;
import dev.stowage.support.StowageServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static dev.stowage.support.Soon.await;
import static org.assertj.core.api.Assertions.assertThat;

/** The metrics, and who may read them. */
class MetricsTests {

	private static final String KEY = "metrics-0123456789abcdef";

	private static final int MIB = 1024 * 1024;

	/** Far fewer than a client could cause, if it could cause any. */
	private static final int MOST_SERIES = 1_000;

	@TempDir
	static Path folder;

	private static StowageServer server;

	@BeforeAll
	static void start() {
		server = start(folder);
	}

	private static StowageServer start(Path its) {
		return StowageServer.start(its, "stowage.metrics-key=" + KEY, "stowage.metrics-owners=true",
				"stowage.sweep-interval=1s");
	}

	@AfterAll
	static void stop() {
		server.close();
	}

	private static Scrape scrape() {
		return Scrape.of(server, KEY);
	}

	@Test
	void moveWithWhatUploadsDownloadsAndRefusalsDo() {
		Scrape before = scrape();
		Caller alice = server.alice();
		String small = alice.uploaded("user_data", "a.txt", "x".repeat(1_000));
		String large = alice.uploaded("user_data", "b.txt", "y".repeat(9 * MIB));
		alice.completed("c.json", "[1]");
		assertThat(alice.upload(new Form().file("d.txt", "z".repeat(500))).status()).isEqualTo(400);
		assertThat(alice.get("/v1/files/" + small + "/content").bytes()).hasSize(1_000);
		assertThat(alice.get("/v1/files/" + large + "/content", "Range", "bytes=0-99").bytes()).hasSize(100);
		assertThat(server.with("").get("/v1/files/" + small).status()).isEqualTo(401);
		// of another address than the wrong keys of other tests, because many are
		// answered later
		assertThat(server.with("sk-wrong").get("/v1/files/" + small, "X-Forwarded-For", "198.51.100.7").status())
			.isEqualTo(401);
		Scrape after = scrape();
		assertMoved(before, after, 3, "http_server_requests_seconds_count", "uri=\"/v1/files\"", "status=\"200\"",
				"method=\"POST\"");
		assertMoved(before, after, 1, "http_server_requests_seconds_count", "uri=\"/v1/files\"", "status=\"400\"",
				"outcome=\"CLIENT_ERROR\"");
		assertMoved(before, after, 1, "http_server_requests_seconds_count", "uri=\"/v1/files/{id}/content\"",
				"status=\"206\"");
		assertMoved(before, after, 2, "http_server_requests_seconds_count", "uri=\"UNKNOWN\"", "status=\"401\"");
		assertMoved(before, after, 1, "stowage_refused_keys_total", "outcome=\"immediate\"");
		assertMoved(before, after, 1_500 + 9 * MIB, "stowage_received_bytes_total");
		assertMoved(before, after, 1_100, "stowage_sent_bytes_total");
		assertMoved(before, after, 2, "stowage_store_seconds_count", "operation=\"UploadPart\"", "outcome=\"SUCCESS\"");
		assertMoved(before, after, 1, "stowage_store_seconds_count", "operation=\"CompleteMultipartUpload\"");
		assertMoved(before, after, 1, "stowage_store_seconds_count", "operation=\"CopyObject\"");
		assertThat(after.sum("hikaricp_connections_acquire_seconds_count"))
			.isGreaterThan(before.sum("hikaricp_connections_acquire_seconds_count"));
		assertThat(after.sum("hikaricp_connections_usage_seconds_sum"))
			.isGreaterThan(before.sum("hikaricp_connections_usage_seconds_sum"));
	}

	private static void assertMoved(Scrape before, Scrape after, double by, String name, String... labels) {
		assertThat(after.sum(name, labels) - before.sum(name, labels)).as(name + List.of(labels)).isEqualTo(by);
	}

	@Test
	void showUploadsInFlightAndTheMemoryTheyHold() throws IOException {
		Scrape before = scrape();
		assertThat(before.sum("stowage_upload_memory_free_bytes")).isEqualTo(before.sum("stowage_upload_memory_bytes"))
			.isPositive();
		try (RawConnection connection = new RawConnection(server)) {
			connection.uploadHead("Content-Length: 1000000");
			connection.send(new Form().file("a", "x".repeat(100_000)).unfinished());
			await().until(() -> scrape()
				.sum("stowage_received_bytes_total") >= before.sum("stowage_received_bytes_total") + 90_000);
			Scrape during = scrape();
			assertThat(during.sum("stowage_uploads")).isEqualTo(1);
			assertThat(during.sum("stowage_upload_memory_free_bytes"))
				.isLessThan(before.sum("stowage_upload_memory_free_bytes"));
			connection.vanish();
		}
		await().until(() -> scrape().sum("stowage_uploads") == 0);
		assertMoved(before, scrape(), 0, "stowage_upload_memory_free_bytes");
	}

	@Test
	void showWhatTheSweeperDoesAndWhatIsLeft(@TempDir Path another) {
		try (StowageServer fresh = start(another)) {
			await().until(() -> !Double.isNaN(Scrape.of(fresh, KEY).sum("stowage_files")));
			Scrape before = Scrape.of(fresh, KEY);
			String id = fresh.alice().uploaded("user_data", "a", "x");
			fresh.alice().uploaded("user_data", "b", "y");
			fresh.alice().post("/v1/files", "{\"filename\": \"c.json\"}");
			fresh.alice().delete("/v1/files/" + id);
			await().until(() -> Scrape.of(fresh, KEY).sum("stowage_sweeper_total", "outcome=\"cleaned\"") > 0);
			fresh.count();
			Scrape after = Scrape.of(fresh, KEY);
			assertMoved(before, after, 1, "stowage_sweeper_total", "outcome=\"cleaned\"");
			assertMoved(before, after, 0, "stowage_sweeper_total", "outcome=\"failed\"");
			assertMoved(before, after, 1, "stowage_files", "style=\"multipart\"", "status=\"available\"");
			assertMoved(before, after, 1, "stowage_files", "style=\"presigned\"", "status=\"pending\"");
			assertThat(after.sum("stowage_files")).isEqualTo(2);
			await().until(() -> Scrape.of(fresh, KEY).sum("stowage_sweep_seconds_count") > before
				.sum("stowage_sweep_seconds_count"));
			long now = fresh.clock().instant().getEpochSecond();
			await().until(() -> Scrape.of(fresh, KEY).sum("stowage_sweeper_ended_seconds") >= now);
		}
	}

	@Test
	void showAStoreThatDoesNotAnswer(@TempDir Path another) throws Exception {
		try (StowageServer fresh = start(another)) {
			String id = fresh.alice().uploaded("user_data", "a", "x");
			Scrape before = Scrape.of(fresh, KEY);
			fresh.engine().stop();
			assertThat(fresh.alice().get("/v1/files/" + id + "/content").status()).isEqualTo(503);
			Scrape after = Scrape.of(fresh, KEY);
			assertMoved(before, after, 1, "stowage_store_seconds_count", "operation=\"GetObject\"",
					"outcome=\"NO_ANSWER\"");
			assertThat(after.sum("stowage_store_retry_total", "operation=\"GetObject\"")).isPositive();
			assertMoved(before, after, 1, "http_server_requests_seconds_count", "outcome=\"SERVER_ERROR\"");
			fresh.alice().delete("/v1/files/" + id);
			await().until(() -> Scrape.of(fresh, KEY).sum("stowage_sweeper_total", "outcome=\"failed\"") > 0);
			// by now each has happened once
			assertThat(Scrape.of(fresh, KEY).names()).containsAll(documented());
		}
	}

	private static Set<String> documented() throws IOException {
		String page = Files.readString(Path.of("src/docs/operations.md"));
		int begin = page.indexOf("\n## Monitoring\n");
		Set<String> named = Pattern.compile("\\b(?:http_server|stowage|hikaricp)_[a-z_]+")
			.matcher(page.substring(begin))
			.results()
			.map(MatchResult::group)
			.collect(Collectors.toSet());
		assertThat(named).hasSizeGreaterThan(10);
		return named;
	}

	@ParameterizedTest
	@ValueSource(strings = { "", StowageServer.ALICE, "metrics-0123456789abcdeX" })
	void openToTheirOwnKeyAlone(String key) {
		Answer refused = server.with(key).get("/actuator/prometheus");
		assertThat(refused.status()).isEqualTo(401);
		assertThat(refused.header("Content-Type")).contains("application/problem+json");
		assertThat(refused.text("code")).isEqualTo("invalid_api_key");
		for (String path : List.of("/actuator/%70rometheus", "/actuator/prometheus/", "/actuator//prometheus",
				"/ACTUATOR/prometheus", "/actuator/prometheus;a", "/actuator/prometheus?includedNames=a",
				"/actuator/./prometheus")) {
			assertThat(server.with(key).get(path).status()).as(path).isBetween(400, 404);
		}
		assertThat(server.with(KEY).get("/actuator/prometheus").status()).isEqualTo(200);
	}

	@ParameterizedTest
	@ValueSource(strings = { "/v1/files", "/v1/files/x", "/actuator/metrics", "/nothing" })
	void openNothingElseWithTheirKey(String path) {
		assertThat(server.with(KEY).get(path).status()).isEqualTo(401);
	}

	@Test
	void growWithNothingThatAClientMakesUp() throws IOException {
		beHostile();
		// the first scrape is a request, too
		scrape();
		Set<String> before = requests(scrape());
		String made = beHostile();
		Scrape after = scrape();
		assertThat(requests(after)).isEqualTo(before).hasSizeGreaterThan(20);
		assertThat(after.series().keySet()).noneMatch((one) -> one.contains(made)).hasSizeLessThan(MOST_SERIES);
	}

	private static Set<String> requests(Scrape scrape) {
		return scrape.series().keySet().stream().filter((one) -> one.startsWith("http_")).collect(Collectors.toSet());
	}

	/** Returns every text that was sent. */
	private String beHostile() throws IOException {
		String made = "m" + UUID.randomUUID().toString().replace("-", "");
		int client = 0;
		for (Caller caller : List.of(server.alice(), server.with("sk-" + made), server.with(""))) {
			for (String path : List.of("/v1/files/" + made, "/v1/files/" + made + "/content",
					"/v1/files/file-" + made + "/content", "/" + made, "/v1/" + made + "/files",
					"/v1/files?purpose=" + made, "/v1/files?after=" + made, "/actuator/" + made, "/docs/" + made,
					"/swagger-ui/" + made)) {
				// many wrong keys of one address would be answered slowly
				caller.get(path, "Accept", made + "/x", "User-Agent", made, "traceparent", made, "X-Forwarded-For",
						"192.0.2." + client++);
			}
			caller.delete("/v1/files/" + made);
			caller.post("/v1/files", "{\"filename\": \"" + made + "\", \"purpose\": \"" + made + "\"}");
			caller.upload(new Form().field("purpose", made).file(made, made));
		}
		for (String line : List.of(made + " /v1/files", "FOO /v1/files", "GET /%00", "GET /" + made + "%00",
				"GET /%2e%2e/" + made)) {
			try (RawConnection connection = new RawConnection(server)) {
				connection.send(line + " HTTP/1.1\r\nHost: " + made + "\r\nConnection: close\r\n\r\n").rest();
			}
		}
		return made;
	}

}
