package dev.stowage.api;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import dev.stowage.support.Answer;
import dev.stowage.support.Backing;
import dev.stowage.support.Caller;
import dev.stowage.support.Form;
import dev.stowage.support.HeldUpload;
import dev.stowage.support.OnEachBacking;
import dev.stowage.support.RawConnection;
import dev.stowage.support.StowageServer;
import dev.stowage.support.Together;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.jdbc.core.simple.JdbcClient;

import static dev.stowage.support.Soon.await;
import static org.assertj.core.api.Assertions.assertThat;

/** What clients see that repeat a request with its {@code Idempotency-Key}. */
class IdempotencyTests extends OnEachBacking {

	private static final String GRANT = "{\"filename\": \"data.json\"}";

	@TempDir
	static Path folder;

	private static StowageServer server;

	private static int keys;

	private final String key = "key-" + keys++;

	private Caller alice;

	@BeforeParameterizedClassInvocation
	static void start(Backing backing) {
		server = StowageServer.start(backing, folder, "stowage.max-file-size=1MB",
				"stowage.cors-origins=https://app.example");
	}

	@AfterParameterizedClassInvocation
	static void stop() {
		server.close();
	}

	@BeforeEach
	void call() {
		this.alice = server.alice();
	}

	@Test
	void answersARepeatedUploadWithTheFileOfTheFirst() {
		int before = this.alice.get("/v1/files").ids().size();
		Answer first = this.alice.upload(form("hello"), this.key);
		assertThat(first.status()).isEqualTo(200);
		assertThat(first.header("Idempotency-Replayed")).isEmpty();
		for (int i = 0; i < 3; i++) {
			Answer again = this.alice.upload(form("hello"), this.key);
			assertThat(again.status()).isEqualTo(200);
			assertThat(again.body()).isEqualTo(first.body());
			assertThat(again.header("Idempotency-Replayed")).contains("true");
		}
		assertThat(this.alice.get("/v1/files").ids()).hasSize(before + 1);
		assertThat(content(first)).isEqualTo("hello");
	}

	/**
	 * The fields after the file count, too, and so does their meaning, not their order.
	 */
	@Test
	void comparesWhatAFormMeans() {
		Answer first = this.alice.upload(lasting("7200"), this.key);
		Answer again = this.alice.upload(new Form().file("a.txt", "hello")
			.field("expires_after", "{\"anchor\": \"created_at\", \"seconds\": 7200}")
			.field("purpose", "user_data"), this.key);
		assertThat(again.body()).isEqualTo(first.body());
		assertReused(this.alice.upload(lasting("7201"), this.key));
		assertReused(this.alice.upload(form("hello"), this.key));
		assertReused(this.alice.upload(new Form().field("purpose", "evals").file("a.txt", "hello"), this.key));
		assertThat(first.status()).isEqualTo(200);
	}

	private static Form lasting(String seconds) {
		return new Form().field("purpose", "user_data")
			.field("expires_after[anchor]", "created_at")
			.field("expires_after[seconds]", seconds)
			.file("a.txt", "hello");
	}

	@Test
	void refusesADifferentFile() {
		Answer first = this.alice.upload(form("hello"), this.key);
		assertReused(this.alice.upload(form("hellO"), this.key));
		assertReused(this.alice.upload(form("hello "), this.key));
		assertReused(this.alice.upload(new Form().field("purpose", "user_data").file("b.txt", "hello"), this.key));
		assertThat(this.alice.upload(form("hello"), this.key).body()).isEqualTo(first.body());
	}

	private static void assertReused(Answer answer) {
		assertProblem(answer, 422, "idempotency_key_reused", "Idempotency-Key",
				"This Idempotency-Key was used for a different request. Send a new key with each new request,"
						+ " and the same one only to repeat it.");
	}

	private static void assertProblem(Answer answer, int status, String code, String param, String detail) {
		assertThat(answer.status()).as(answer.toString()).isEqualTo(status);
		assertThat(answer.text("code")).isEqualTo(code);
		assertThat(answer.text("detail")).isEqualTo(detail);
		assertThat(answer.json().path("error").path("param").asString("")).isEqualTo(param);
		assertThat(answer.header("Idempotency-Replayed")).isEmpty();
	}

	@Test
	void answersARepeatAfterTheFileWasDeleted() {
		Answer first = this.alice.upload(form("hello"), this.key);
		assertThat(this.alice.delete("/v1/files/" + first.text("id")).status()).isEqualTo(200);
		server.sweep();
		Answer again = this.alice.upload(form("hello"), this.key);
		assertThat(again.body()).isEqualTo(first.body());
		assertThat(this.alice.get("/v1/files/" + first.text("id")).status()).isEqualTo(404);
	}

	@Test
	void takesAKeyWithQuotesForTheSame() {
		Answer first = this.alice.upload(form("hello"), this.key);
		assertThat(this.alice.upload(form("hello"), "\"" + this.key + "\"").body()).isEqualTo(first.body());
	}

	@Test
	void keepsTheKeysOfOwnersApart() {
		Answer first = this.alice.upload(form("hello"), this.key);
		Answer other = server.bob().upload(form("other"), this.key);
		assertThat(other.status()).isEqualTo(200);
		assertThat(other.header("Idempotency-Replayed")).isEmpty();
		assertThat(other.text("id")).isNotEqualTo(first.text("id"));
	}

	@Test
	void forgetsAKeyAfterADay() {
		Answer first = this.alice.upload(form("hello"), this.key);
		server.clock().move(Duration.ofHours(23));
		assertThat(this.alice.upload(form("hello"), this.key).body()).isEqualTo(first.body());
		server.clock().move(Duration.ofHours(1));
		Answer next = this.alice.upload(form("other"), this.key);
		assertThat(next.status()).isEqualTo(200);
		assertThat(next.text("id")).isNotEqualTo(first.text("id"));
	}

	@Test
	void refusesARepeatBeforeItsBodyWhileTheFirstIsInProgress() throws IOException {
		byte[] form = form("hello").bytes();
		// of which not even the first field has arrived
		try (RawConnection first = held(form.length)) {
			awaitClaim();
			Answer refused = this.alice.upload(form("hello"), this.key);
			assertProblem(refused, 409, "idempotency_request_in_progress", "",
					"Another request with this Idempotency-Key is in progress. Please try again in a moment.");
			assertThat(refused.header("Retry-After")).contains("1");
			try (RawConnection waiting = new RawConnection(server)) {
				assertThat(waiting
					.uploadHead("Expect: 100-continue", "Idempotency-Key: " + this.key,
							"Content-Length: " + form.length)
					.statusLine()).startsWith("HTTP/1.1 409");
			}
			assertReused(this.alice.grant(GRANT, this.key));
			assertThat(this.alice.upload(form("hello"), this.key + "-other").status()).isEqualTo(200);
			String answer = first.send(form).answer();
			assertThat(answer).startsWith("HTTP/1.1 200").doesNotContain("Idempotency-Replayed");
			Answer again = this.alice.upload(form("hello"), this.key);
			assertThat(again.text("id")).isEqualTo(HeldUpload.idIn(answer));
			assertThat(again.header("Idempotency-Replayed")).contains("true");
		}
	}

	private RawConnection held(int length) throws IOException {
		return new RawConnection(server).uploadHead("Idempotency-Key: " + this.key, "Content-Length: " + length);
	}

	@Test
	void storesOneFileForRequestsThatComeAtOnce() throws Exception {
		int before = this.alice.get("/v1/files").ids().size();
		List<Answer> answers = Together.run(12, () -> {
			Answer answer = this.alice.upload(form("hello"), this.key);
			while (answer.status() == 409) {
				answer = this.alice.upload(form("hello"), this.key);
			}
			return answer;
		});
		assertThat(answers).allMatch((answer) -> answer.status() == 200);
		assertThat(answers.stream().map(Answer::body).distinct()).hasSize(1);
		assertThat(answers).filteredOn((answer) -> answer.header("Idempotency-Replayed").isEmpty()).hasSize(1);
		assertThat(this.alice.get("/v1/files").ids()).hasSize(before + 1);
	}

	@Test
	void freesTheKeyOfARefusedRequest() {
		assertThat(this.alice.upload(new Form().file("a.txt", "hello"), this.key).status()).isEqualTo(400);
		assertThat(this.alice.upload(new Form().field("purpose", "user_data"), this.key).status()).isEqualTo(400);
		assertThat(this.alice.upload(new Form().field("purpose", "none").file("a", "b"), this.key).status())
			.isEqualTo(400);
		assertThat(this.alice.upload(form(""), this.key).status()).isEqualTo(400);
		assertThat(this.alice.upload(form("x".repeat(1024 * 1024 + 1)), this.key).status()).isEqualTo(413);
		assertThat(this.alice
			.send("POST", "/v1/files", BodyPublishers.ofString("no form"), "Content-Type", "multipart/form-data",
					"Idempotency-Key", this.key)
			.status()).isEqualTo(400);
		assertThat(this.alice.grant("{}", this.key).status()).isEqualTo(400);
		assertStoresNext();
	}

	@Test
	void freesTheKeyOfACutUpload() throws IOException {
		byte[] form = form("hello").unfinished();
		try (RawConnection first = held(form.length + 100)) {
			first.send(form);
			awaitClaim();
			assertThat(this.alice.upload(form("next"), this.key).status()).isEqualTo(409);
			first.vanish();
		}
		await().until(() -> this.alice.upload(form("next"), this.key).status() == 200);
		assertThat(this.alice.upload(form("next"), this.key).header("Idempotency-Replayed")).contains("true");
	}

	private void awaitClaim() {
		await().until(() -> JdbcClient.create(server.database())
			.sql("SELECT count(*) FROM idempotency_key WHERE key = ?")
			.param(this.key)
			.query(Integer.class)
			.single() == 1);
	}

	private void assertStoresNext() {
		Answer next = this.alice.upload(form("next"), this.key);
		assertThat(next.status()).as(next.toString()).isEqualTo(200);
		assertThat(next.header("Idempotency-Replayed")).isEmpty();
		assertThat(content(next)).isEqualTo("next");
	}

	@Test
	void refusesARepeatThatIsTooLargeLikeTheFirst() {
		this.alice.upload(form("hello"), this.key);
		Answer large = this.alice.upload(form("x".repeat(1024 * 1024 + 1)), this.key);
		assertThat(large.status()).isEqualTo(413);
		assertThat(large.text("code")).isEqualTo("file_too_large");
	}

	@Test
	void signsAFreshUrlForARepeatedGrant() {
		Answer first = this.alice.grant(GRANT, this.key);
		assertThat(first.header("Idempotency-Replayed")).isEmpty();
		server.clock().move(Duration.ofSeconds(2));
		Answer again = this.alice.grant("{\"purpose\": \"context\", \"filename\": \"data.json\"}", this.key);
		assertThat(again.status()).isEqualTo(200);
		assertThat(again.header("Idempotency-Replayed")).contains("true");
		assertThat(again.text("id")).isEqualTo(first.text("id"));
		assertThat(again.json().path("created")).isEqualTo(first.json().path("created"));
		assertThat(again.json().path("expires_in").asInt()).isEqualTo(600);
		assertThat(Caller.sendTo(URI.create(again.text("upload_url")), "PUT", "[1]").status()).isEqualTo(200);
		assertReused(this.alice.grant("{\"filename\": \"other.json\"}", this.key));
		assertReused(this.alice.grant("{\"filename\": \"data.json\", \"purpose\": \"batch\"}", this.key));
		assertReused(this.alice.upload(form("hello"), this.key));
		String id = first.text("id");
		assertThat(this.alice.post("/v1/files/" + id + "/complete").status()).isEqualTo(200);
		assertProblem(this.alice.grant(GRANT, this.key), 400, "already_completed", "id",
				"The file " + id + " is already completed.");
	}

	@Test
	void freesTheKeyOfADeletedGrant() {
		Answer first = this.alice.grant(GRANT, this.key);
		assertThat(this.alice.delete("/v1/files/" + first.text("id")).status()).isEqualTo(200);
		assertStoresNext();
	}

	@Test
	void refusesAGrantWithTheKeyOfAnUpload() {
		this.alice.upload(form("hello"), this.key);
		assertReused(this.alice.grant(GRANT, this.key));
	}

	@Test
	void issuesOneGrantForRequestsThatComeAtOnce() throws Exception {
		List<Answer> answers = Together.run(12, () -> this.alice.grant(GRANT, this.key));
		assertThat(answers).allMatch((answer) -> answer.status() == 200);
		assertThat(answers.stream().map((answer) -> answer.text("id")).distinct()).hasSize(1);
		assertThat(answers).filteredOn((answer) -> answer.header("Idempotency-Replayed").isEmpty()).hasSize(1);
	}

	@ParameterizedTest
	@ValueSource(strings = { "\"", "\"a", "\"a\"b", "\"\"", "\"\\a\"" })
	void refusesAMalformedKey(String malformed) {
		for (Answer answer : List.of(this.alice.upload(form("hello"), malformed), this.alice.grant(GRANT, malformed))) {
			assertProblem(answer, 400, "validation_error", "Idempotency-Key",
					"Idempotency-Key must be 1 to 255 printable ASCII characters, or a string in double quotes with"
							+ " that content. Send it once.");
		}
	}

	@Test
	void refusesAKeyThatIsTooLongOrEmptyOrNoAscii() throws IOException {
		assertThat(this.alice.upload(form("hello"), "k".repeat(255)).status()).isEqualTo(200);
		assertThat(this.alice.upload(form("hello"), "k".repeat(256)).text("code")).isEqualTo("validation_error");
		for (String header : List.of("Idempotency-Key:", "Idempotency-Key: \u00e9")) {
			assertThat(answerTo(header)).startsWith("HTTP/1.1 400").contains("\"code\":\"validation_error\"");
		}
		assertThat(answerTo("Idempotency-Key: a\r\nIdempotency-Key: a")).startsWith("HTTP/1.1 400")
			.contains("'Idempotency-Key' is given twice. Send one key per request.");
	}

	private static String answerTo(String header) throws IOException {
		byte[] form = form("hello").bytes();
		try (RawConnection connection = new RawConnection(server)) {
			return connection.uploadHead(header, "Content-Length: " + form.length).send(form).answer();
		}
	}

	@Test
	void letsPagesOfAnAllowedOriginSendAKeyAndSeeTheRepeat() {
		Answer preflight = Caller.sendTo(server.url("/v1/files"), "OPTIONS", "", "Origin", "https://app.example",
				"Access-Control-Request-Method", "POST", "Access-Control-Request-Headers",
				"authorization,idempotency-key");
		assertThat(preflight.status()).isEqualTo(200);
		assertThat(preflight.header("Access-Control-Allow-Headers")).get().asString().contains("idempotency-key");
		Answer answer = this.alice.send("POST", "/v1/files", BodyPublishers.ofString(GRANT), "Content-Type",
				"application/json", "Idempotency-Key", this.key, "Origin", "https://app.example");
		assertThat(answer.response().headers().allValues("Access-Control-Expose-Headers").toString())
			.contains("Idempotency-Replayed");
	}

	private static Form form(String content) {
		return new Form().field("purpose", "user_data").file("a.txt", content);
	}

	private String content(Answer file) {
		return this.alice.get("/v1/files/" + file.text("id") + "/content").body();
	}

}
