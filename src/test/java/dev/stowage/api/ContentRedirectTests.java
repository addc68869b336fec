package dev.stowage.api;

import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

import dev.stowage.support.Answer;
import dev.stowage.support.Backing;
import dev.stowage.support.Caller;
import dev.stowage.support.Command;
import dev.stowage.support.OnEachBacking;
import dev.stowage.support.StowageServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/** Content that clients read from the store itself. */
@ExtendWith(OutputCaptureExtension.class)
class ContentRedirectTests extends OnEachBacking {

	private static final String TEXT = "0123456789";

	@TempDir
	static Path folder;

	private static StowageServer server;

	private static Caller alice;

	private static String id;

	private static String content;

	@BeforeParameterizedClassInvocation
	static void start(Backing backing) {
		server = StowageServer.start(backing, folder, "stowage.content-redirect=true");
		alice = server.alice();
		id = alice.uploaded("user_data", "naïve.txt", TEXT);
		content = "/v1/files/" + id + "/content";
	}

	@AfterParameterizedClassInvocation
	static void stop() {
		server.close();
	}

	@Test
	void answersWithAUrlOfTheStoreThatNeedsNoKey() {
		Answer answer = alice.get(content);
		assertThat(answer.status()).isEqualTo(302);
		assertThat(answer.bytes()).isEmpty();
		assertThat(answer.header("Cache-Control")).contains("no-store");
		assertThat(answer.header("x-request-id")).isPresent();
		assertThat(answer.header("Location")).get().asString().contains("X-Amz-Expires=600").doesNotContain("sk-");
		Answer bytes = followed(answer);
		assertThat(bytes.body()).isEqualTo(TEXT);
		assertThat(bytes.header("Content-Type")).contains("application/octet-stream");
		assertThat(bytes.header("Content-Disposition"))
			.contains("attachment; filename=\"naive.txt\"; filename*=UTF-8''na%C3%AFve.txt");
	}

	@Test
	void answersWithTheTypeThatIsAskedFor() {
		assertThat(followed(alice.get(content, "Accept", "text/plain")).header("Content-Type")).contains("text/plain");
		String json = "/v1/files/" + alice.completed("a.json", "[1]") + "/content";
		Answer bytes = followed(alice.get(json, "Accept", "application/octet-stream"));
		assertThat(bytes.body()).isEqualTo("[1]");
		assertThat(bytes.header("Content-Type")).contains("application/json");
	}

	@ParameterizedTest
	@CsvSource({ "bytes=0-3, 0123", "bytes=8-, 89", "bytes=-3, 789", "bytes=5-99, 56789" })
	void leavesARangeToTheStore(String range, String part) {
		Answer answer = alice.get(content, "Range", range);
		assertThat(answer.status()).isEqualTo(302);
		Answer bytes = followed(answer, "Range", range);
		assertThat(bytes.status()).isEqualTo(206);
		assertThat(bytes.body()).isEqualTo(part);
		assertThat(bytes.header("Content-Range")).get().asString().endsWith("/10");
	}

	@ParameterizedTest
	@ValueSource(strings = { "bytes=0-1,3-4", "bytes=a-b", "bytes=4-2", "lines=0-3" })
	void sendsAllBytesItselfWhereARangeIsIgnored(String range) {
		Answer answer = alice.get(content, "Range", range);
		assertThat(answer.status()).isEqualTo(200);
		assertThat(answer.body()).isEqualTo(TEXT);
	}

	@Test
	void decidesItselfWhatAConditionDecides() {
		String etag = '"' + id + '"';
		assertThat(alice.get(content, "If-None-Match", etag).status()).isEqualTo(304);
		assertThat(alice.get(content, "If-Match", "\"x\"").status()).isEqualTo(412);
		assertThat(alice.get(content, "Range", "bytes=10-").status()).isEqualTo(416);
		assertThat(alice.get(content, "If-None-Match", "\"x\"").status()).isEqualTo(302);
		assertThat(followed(alice.get(content, "If-None-Match", "\"x\""), "If-None-Match", "\"x\"").body())
			.isEqualTo(TEXT);
	}

	/** The client would repeat such a header to the store. */
	@ParameterizedTest
	@ValueSource(strings = { "x-api-key", "api-key" })
	void sendsItselfWhatAKeyInAnotherHeaderOpens(String header) {
		Answer answer = server.with("").get(content, header, StowageServer.ALICE);
		assertThat(answer.status()).isEqualTo(200);
		assertThat(answer.body()).isEqualTo(TEXT);
	}

	/** The client would repeat it to the store, whose ETag is another. */
	@Test
	void sendsItselfWhatAConditionNames() {
		String etag = '"' + id + '"';
		assertThat(alice.get(content, "If-Match", etag).body()).isEqualTo(TEXT);
		assertThat(alice.get(content, "If-Match", etag, "Range", "bytes=8-").body()).isEqualTo("89");
		Answer part = alice.get(content, "If-Range", etag, "Range", "bytes=8-");
		assertThat(part.status()).isEqualTo(206);
		assertThat(part.body()).isEqualTo("89");
		assertThat(alice.get(content, "If-Range", "\"x\"", "Range", "bytes=8-").body()).isEqualTo(TEXT);
	}

	/** The URL is signed for a GET, so the store would refuse it. */
	@Test
	void answersHeadItself() {
		Answer head = alice.send("HEAD", content, BodyPublishers.noBody());
		assertThat(head.status()).isEqualTo(200);
		assertThat(head.header("Content-Length")).contains("10");
		assertThat(head.header("ETag")).contains('"' + id + '"');
		assertThat(head.header("Location")).isEmpty();
	}

	@Test
	void givesLinksAndRefusalsAsBefore() {
		assertThat(alice.get(content + "?expires_in=60").text("download_url")).isNotEmpty();
		String json = "/v1/files/" + alice.completed("a.json", "[1]") + "/content";
		assertThat(alice.get(json).text("download_url")).isNotEmpty();
		assertThat(server.bob().get(content).status()).isEqualTo(404);
		assertThat(server.with("").get(content).status()).isEqualTo(401);
		String pending = alice.post("/v1/files", "{\"filename\": \"x.json\"}").text("id");
		assertThat(alice.get("/v1/files/" + pending + "/content", "Accept", "application/binary").status())
			.isEqualTo(400);
	}

	@Test
	void endsWithItsFile() {
		String brief = "/v1/files/" + alice.uploaded("batch", "a.jsonl", "{}") + "/content";
		Duration life = Duration.ofDays(30).minusSeconds(100);
		server.clock().move(life);
		assertThat(validity(alice.get(brief))).isBetween(1, 100);
		server.clock().move(life.negated());
		Answer answer = alice.get(brief);
		assertThat(validity(answer)).isEqualTo(600);
		assertThat(alice.delete(brief.replace("/content", "")).status()).isEqualTo(200);
		assertThat(followed(answer).status()).isEqualTo(404);
		assertThat(alice.get(brief).status()).isEqualTo(404);
	}

	private static int validity(Answer answer) {
		String location = answer.header("Location").orElseThrow();
		return Integer.parseInt(location.replaceAll(".*X-Amz-Expires=([0-9]+).*", "$1"));
	}

	@Test
	void isFollowedByCurlWhichKeepsTheKeyToItself(@TempDir Path other, CapturedOutput output) throws Exception {
		String headers = Command.run(other, Map.of(), "curl", "-sSL", "-v", "-o", "bytes", "-H",
				"Authorization: Bearer " + StowageServer.ALICE, server.url(content).toString());
		assertThat(Files.readString(other.resolve("bytes"))).isEqualTo(TEXT);
		assertThat(headers.split("(?i)> authorization: Bearer", -1)).hasSize(2);
		Command.run(other, Map.of(), "curl", "-sSL", "-r", "3-", "-o", "part", "-H",
				"Authorization: Bearer " + StowageServer.ALICE, server.url(content).toString());
		assertThat(Files.readString(other.resolve("part"))).isEqualTo("3456789");
		assertThat(output.getAll()).doesNotContain("X-Amz-Signature");
	}

	private static Answer followed(Answer answer, String... headers) {
		Optional<String> location = answer.header("Location");
		assertThat(location).as(answer.toString()).isPresent();
		return Caller.sendTo(URI.create(location.get()), "GET", "", headers);
	}

}
