package dev.stowage.security;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.RSAKey;
import dev.stowage.support.Answer;
import dev.stowage.support.Soon;
import dev.stowage.support.StowageServer;
import dev.stowage.support.TestClock;
import dev.stowage.support.TestIssuer;
import dev.stowage.support.Together;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/** Tokens while their issuer is unreachable, silent, slow or wrong. */
@ExtendWith(OutputCaptureExtension.class)
class IssuerOutageTests {

	/** What a busy machine may add to the time that a request waits. */
	private static final Duration SLACK = Duration.ofSeconds(10);

	@TempDir
	static Path folder;

	private static final TestClock clock = new TestClock();

	private static TestIssuer issuer;

	private static StowageServer server;

	@BeforeAll
	static void startWithoutIssuer() throws IOException {
		issuer = new TestIssuer(clock);
		issuer.stop();
		server = StowageServer.start(folder, issuer.settings());
		requireUnavailable(get(issuer.token("alice")));
		requireKeysWork();
	}

	@AfterAll
	static void stop() {
		server.close();
		issuer.close();
	}

	/** Each test begins with keys that were read, and are too old. */
	@BeforeEach
	void forgetKeys() throws IOException {
		issuer.recover();
		move(IssuerKeys.USABLE);
		assertThat(get(issuer.token("alice")).status()).isEqualTo(200);
		move(IssuerKeys.USABLE);
	}

	@Test
	void openTheServerAsSoonAsTheIssuerWorks(CapturedOutput output) throws IOException {
		long warnings = lines(output, "WARN", "cannot be read: java.net.ConnectException");
		long reports = lines(output, "INFO", "can be read again");
		issuer.stop();
		requireUnavailable(get(issuer.token("alice")));
		move(IssuerKeys.PAUSE);
		requireUnavailable(get(issuer.token("alice")));
		issuer.recover();
		move(IssuerKeys.PAUSE);
		assertThat(get(issuer.token("alice")).status()).isEqualTo(200);
		assertThat(lines(output, "WARN", "cannot be read: java.net.ConnectException")).isEqualTo(warnings + 1);
		assertThat(lines(output, "INFO", "can be read again")).isEqualTo(reports + 1);
	}

	@Test
	void waitForASilentIssuerOnlyForAWhileAndTogether() throws Exception {
		issuer.fallSilent();
		int before = issuer.requests().size();
		Instant start = Instant.now();
		CompletableFuture<List<Answer>> waiting = CompletableFuture
			.supplyAsync(() -> together(50, () -> get(issuer.token("alice"))), inThread());
		requireKeysWork();
		assertThat(readers()).isLessThanOrEqualTo(1);
		assertThat(waiting.get()).hasSize(50).allSatisfy(IssuerOutageTests::requireUnavailable);
		Duration took = Duration.between(start, Instant.now());
		assertThat(took).isLessThan(IssuerKeys.LIMIT.plus(SLACK));
		assertThat(issuer.requests()).hasSizeLessThanOrEqualTo(before + 1 + attemptsIn(took));
		Soon.await().until(() -> readers() == 0);
	}

	@Test
	void waitForASlowIssuerOnlyForAWhile(CapturedOutput output) {
		issuer.answerSlowly();
		Instant start = Instant.now();
		requireUnavailable(get(issuer.token("alice")));
		assertThat(Duration.between(start, Instant.now())).isBetween(IssuerKeys.LIMIT.minusSeconds(1),
				IssuerKeys.LIMIT.plus(SLACK));
		assertThat(output.getAll()).contains("cannot be read: it did not answer within 5 seconds");
	}

	static Stream<Consumer<TestIssuer>> wrong() {
		return Stream.of((it) -> it.answerMetadata(500, "{}"), (it) -> it.answerMetadata(404, ""),
				(it) -> it.answerMetadata(302, ""), (it) -> it.answerMetadata(200, ""),
				(it) -> it.answerMetadata(200, "<html>\r\ninjected"), (it) -> it.answerMetadata(200, "[]"),
				(it) -> it.answerMetadata(200, it.metadata("https://other.example")),
				(it) -> it.answerMetadata(200, "{\"issuer\": \"%s\"}".formatted(it.url())),
				(it) -> it.answerMetadata(200,
						it.metadata(it.url()).replace("\"http:", "\"file:").replace("r\": \"file", "r\": \"http")),
				(it) -> it.answerMetadata(200, " ".repeat(IssuerDocuments.MAX_BYTES) + it.metadata(it.url())),
				(it) -> it.answerKeys(500, "{}"), (it) -> it.answerKeys(200, "garbage\r\ninjected"),
				(it) -> it.answerKeys(200, "{\"keys\": 1}"), (it) -> it.answerKeys(200, "{\"keys\": []}"),
				(it) -> it.answerKeys(200, "{\"keys\": [{\"kty\": \"RSA\", \"n\": \"injected\"}]}"),
				(it) -> it.answerKeys(200, "[".repeat(100_000)));
	}

	@ParameterizedTest
	@MethodSource("wrong")
	void areNotRefusedWhenTheIssuerIsWrong(Consumer<TestIssuer> answers, CapturedOutput output) {
		answers.accept(issuer);
		requireUnavailable(get(issuer.token("alice")));
		requireKeysWork();
		assertThat(output.getAll()).doesNotContain("injected");
	}

	@Test
	void findTheMetadataOfAnAuthorizationServerThatKnowsNoOpenId() {
		issuer.answerLikeAnAuthorizationServer();
		assertThat(get(issuer.token("alice")).status()).isEqualTo(200);
	}

	@Test
	void needNoIssuerForAnHourOnceItsKeysAreKnown() {
		assertThat(get(issuer.token("alice")).status()).isEqualTo(200);
		long reads = issuer.reads();
		assertThat(get(issuer.token("bob")).status()).isEqualTo(200);
		move(IssuerKeys.FRESH);
		assertThat(get(issuer.token("alice")).status()).isEqualTo(200);
		assertThat(issuer.reads()).as("read again after five minutes").isEqualTo(reads + 1);
		issuer.stop();
		for (int attempt = 1; attempt < 10; attempt++) {
			move(IssuerKeys.FRESH);
			assertThat(get(issuer.token("alice")).status()).isEqualTo(200);
			requireUnavailable(get(ofUnknownKey()));
		}
		move(IssuerKeys.FRESH.multipliedBy(3));
		requireUnavailable(get(issuer.token("alice")));
	}

	@Test
	void ofKnownKeysDoNotWaitWhenTheIssuerIsSilentForLong() {
		assertThat(get(issuer.token("alice")).status()).isEqualTo(200);
		issuer.fallSilent();
		move(IssuerKeys.FRESH);
		assertThat(get(issuer.token("alice")).status()).isEqualTo(200);
		move(IssuerKeys.PAUSE);
		int before = issuer.requests().size();
		Instant start = Instant.now();
		assertThat(get(issuer.token("alice")).status()).isEqualTo(200);
		assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(2));
		issuerIsAsked(before);
	}

	@Test
	void ofManyUnknownKeysCauseFewReads() {
		assertThat(get(issuer.token("alice")).status()).isEqualTo(200);
		move(IssuerKeys.PAUSE);
		long reads = issuer.reads();
		RSAKey key = issuer.rsaKey();
		AtomicInteger number = new AtomicInteger();
		Instant start = Instant.now();
		List<Answer> answers = together(100, () -> get(ofKey("unknown-" + number.incrementAndGet(), key)));
		assertThat(answers).allSatisfy((answer) -> assertThat(answer.text("code")).isEqualTo("invalid_token"));
		assertThat(issuer.reads()).isBetween(reads + 1, reads + 1 + attemptsIn(Duration.between(start, Instant.now())));
		assertThat(get(issuer.token("alice")).status()).isEqualTo(200);
	}

	private static int attemptsIn(Duration time) {
		return (int) time.dividedBy(IssuerKeys.PAUSE);
	}

	private static long lines(CapturedOutput output, String level, String text) {
		return output.getAll()
			.lines()
			.filter((line) -> line.contains(level) && line.contains("[req_") && line.contains(text))
			.count();
	}

	private static void issuerIsAsked(int before) {
		Soon.await().until(() -> issuer.requests().size() > before);
	}

	private static String ofUnknownKey() {
		return ofKey("unknown", issuer.rsaKey());
	}

	private static String ofKey(String name, RSAKey key) {
		return issuer.token(new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(name).build(), TestIssuer.signer(key),
				(claims) -> {
				});
	}

	/** Both clocks, so that new tokens are valid. */
	private static void move(Duration by) {
		clock.move(by);
		server.clock().move(by);
	}

	private static Answer get(String token) {
		return server.with(token).get("/v1/files?limit=1");
	}

	private static long readers() {
		return Thread.getAllStackTraces().keySet().stream().filter((it) -> it.getName().equals("issuer-keys")).count();
	}

	private static void requireKeysWork() {
		assertThat(server.alice().get("/v1/files?limit=1").status()).isEqualTo(200);
		assertThat(server.with("sk-wrong-key-0123456789xyz").get("/v1/files").status()).isEqualTo(401);
	}

	private static void requireUnavailable(Answer answer) {
		assertThat(answer).extracting(Answer::status).isEqualTo(503);
		assertThat(answer.header("Retry-After")).contains("5");
		assertThat(answer.header("WWW-Authenticate")).isEmpty();
		assertThat(answer.text("code")).isEqualTo("issuer_unavailable");
		assertThat(answer.text("detail")).isEqualTo("The server cannot read the keys of the tokens' issuer."
				+ " Please try again in a moment, or use an API key.");
		assertThat(answer.json().path("error").path("type").asString()).isEqualTo("server_error");
	}

	private static List<Answer> together(int times, Callable<Answer> task) {
		try {
			return Together.run(times, task);
		}
		catch (InterruptedException | ExecutionException ex) {
			throw new AssertionError(ex);
		}
	}

	private static Executor inThread() {
		return (task) -> Thread.ofVirtual().start(task);
	}

}
