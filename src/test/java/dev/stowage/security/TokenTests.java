package dev.stowage.security;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import dev.stowage.support.Answer;
import dev.stowage.support.Form;
import dev.stowage.support.StowageServer;
import dev.stowage.support.TestClock;
import dev.stowage.support.TestIssuer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/** Which tokens open a server, and what the others get, with a real issuer. */
@ExtendWith(OutputCaptureExtension.class)
class TokenTests {

	private static final String REFUSED = "Incorrect token provided: ";

	private static final String UNSIGNED = REFUSED
			+ "it is malformed, or it is not signed with one of the current keys of its issuer.";

	private static final String TIMES = REFUSED + "it has expired, is not valid yet, or does not say when it expires.";

	private static final List<String> SENT = new CopyOnWriteArrayList<>();

	@TempDir
	static Path folder;

	private static TestIssuer issuer;

	private static StowageServer server;

	@BeforeAll
	static void start() throws IOException {
		// the server's clock does not exist yet, and both begin with the real time
		issuer = new TestIssuer(new TestClock());
		server = StowageServer.start(folder,
				Stream.concat(Stream.of(issuer.settings()), Stream
					.of("logging.level.org.springframework.security=debug", "server.max-http-request-header-size=64KB"))
					.toArray(String[]::new));
	}

	@AfterAll
	static void stop() {
		server.close();
		issuer.close();
	}

	@AfterEach
	void resetClock() {
		server.clock().reset();
	}

	@Test
	void openWhatAKeyOfTheSameOwnerOpens() {
		String token = issuer.token("alice");
		String id = server.with(token).uploaded("user_data", "a.txt", "content");
		assertThat(server.alice().get("/v1/files/" + id).status()).isEqualTo(200);
		assertThat(server.bob().get("/v1/files/" + id).status()).isEqualTo(404);
		assertThat(server.with(issuer.token("carol")).get("/v1/files/" + id).status()).isEqualTo(404);
		assertThat(server.with(issuer.token("carol")).get("/v1/files").ids()).isEmpty();
		assertThat(server.with(token).get("/v1/files/" + id + "/content").body()).isEqualTo("content");
		assertThat(server.with(token).delete("/v1/files/" + id).status()).isEqualTo(200);
		assertThat(server.alice().get("/v1/files/" + id).status()).isEqualTo(404);
	}

	@ParameterizedTest
	@ValueSource(strings = { "RS256", "RS512", "PS256", "PS384", "ES256" })
	void mayBeSignedByAnyOfTheseAlgorithms(String algorithm) {
		assertThat(get(issuer.token(JWSAlgorithm.parse(algorithm), (claims) -> {
		}))).extracting(Answer::status).isEqualTo(200);
	}

	@ParameterizedTest
	@ValueSource(strings = { "JWT", "at+jwt", "AT+JWT", "application/at+jwt" })
	void mayBeOfTheseTypes(String type) {
		assertThat(get(ofType(type)).status()).isEqualTo(200);
	}

	@Test
	void mayComeWithTheSchemeInAnyCase() {
		assertThat(server.with("")
			.send("GET", "/v1/files", BodyPublishers.noBody(), "Authorization", "bearer  " + issuer.token("alice"))
			.status()).isEqualTo(200);
	}

	@Test
	void areOfTheNewKeyAfterARotation() {
		String before = issuer.token("alice");
		assertThat(get(before).status()).isEqualTo(200);
		issuer.rotate();
		server.clock().move(IssuerKeys.PAUSE);
		assertThat(get(issuer.token("alice")).status()).isEqualTo(200);
		requireRefusal(get(before), UNSIGNED);
	}

	@Test
	void endWithTheServersClock() {
		String token = issuer.token("alice");
		assertThat(get(token).status()).isEqualTo(200);
		server.clock().move(Duration.ofMinutes(5));
		assertThat(get(token).status()).as("a minute is allowed for clocks that differ").isEqualTo(200);
		server.clock().move(Duration.ofMinutes(1).plusSeconds(1));
		requireRefusal(get(token), TIMES);
		server.clock().move(Duration.ofMinutes(-4));
		assertThat(get(token).status()).isEqualTo(200);
	}

	@Test
	void beginWithTheServersClock() {
		String token = issuer.token((claims) -> claims.notBeforeTime(in(Duration.ofMinutes(3))));
		requireRefusal(get(token), TIMES);
		server.clock().move(Duration.ofMinutes(3));
		assertThat(get(token).status()).isEqualTo(200);
	}

	static Stream<Case> wrong() {
		return Stream.of(
				new Case("expired", TIMES,
						() -> issuer.token((claims) -> claims.issueTime(in(Duration.ofHours(-2)))
							.expirationTime(in(Duration.ofHours(-1))))),
				new Case("without an expiry", TIMES, () -> issuer.token((claims) -> claims.expirationTime(null))),
				new Case("with an expiry that is a text", UNSIGNED,
						() -> issuer.token((claims) -> claims.claim("exp", "x"))),
				new Case("for another audience", REFUSED + "it is for another audience.",
						() -> issuer.token((claims) -> claims.audience("another"))),
				new Case("for no audience", REFUSED + "it is for another audience.",
						() -> issuer.token((claims) -> claims.audience((String) null))),
				new Case("of another issuer", REFUSED + "it is from another issuer.",
						() -> issuer.token((claims) -> claims.issuer("https://issuer.example"))),
				new Case("of the issuer with a slash", REFUSED + "it is from another issuer.",
						() -> issuer.token((claims) -> claims.issuer(issuer.url() + "/"))),
				new Case("of no issuer", REFUSED + "it is from another issuer.",
						() -> issuer.token((claims) -> claims.issuer(null))),
				new Case("without a signature", UNSIGNED, () -> new PlainJWT(issuer.claims().build()).serialize()),
				new Case("whose algorithm is changed to none", UNSIGNED,
						() -> withHeader(issuer.token("alice"), "{\"alg\":\"none\"}")),
				new Case("whose algorithm is NONE", UNSIGNED,
						() -> withHeader(issuer.token("alice"), "{\"alg\":\"NONE\"}")),
				new Case("signed with the public key as a secret", UNSIGNED, TokenTests::signedWithPublicKey),
				new Case("of an unknown key", UNSIGNED, () -> strange(new JWSHeader.Builder(JWSAlgorithm.RS256))),
				new Case("of another key under a known name", UNSIGNED,
						() -> strange(new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(issuer.rsaKey().getKeyID()))),
				new Case("that includes its own key", UNSIGNED, TokenTests::withItsOwnKey),
				new Case("of another algorithm than its key", UNSIGNED,
						() -> withHeader(issuer.token("alice"),
								"{\"alg\":\"ES256\",\"kid\":\"%s\"}".formatted(issuer.rsaKey().getKeyID()))),
				new Case("of an algorithm that nobody knows", UNSIGNED,
						() -> withHeader(issuer.token("alice"), "{\"alg\":\"EdDSA\"}")),
				new Case("with a critical header", UNSIGNED,
						() -> withHeader(issuer.token("alice"), "{\"alg\":\"RS256\",\"crit\":[\"x\"],\"x\":1}")),
				new Case("of another type", UNSIGNED, () -> ofType("logout+jwt")),
				new Case("with other claims than were signed", UNSIGNED, TokenTests::tampered),
				new Case("with a damaged signature", UNSIGNED, () -> issuer.token("alice") + "AAAA"),
				new Case("without its signature", UNSIGNED, () -> issuer.token("alice").replaceFirst("[^.]*$", "")),
				new Case("encrypted", UNSIGNED,
						() -> part("{\"alg\":\"dir\",\"enc\":\"A256GCM\"}") + "..AAAA.AAAA.AAAA"),
				new Case("with a header that is not JSON", UNSIGNED, () -> part("{\"alg") + ".AAAA.AAAA"),
				new Case("with deep claims", UNSIGNED, () -> withClaims(issuer.token("alice"), "[".repeat(5000))),
				new Case("with a deep header", UNSIGNED,
						() -> withHeader(issuer.token("alice"), "{\"a\":" + "[".repeat(5000))),
				new Case("too long", REFUSED + "it is longer than 16384 characters.",
						() -> issuer.token((claims) -> claims.claim("x", "x".repeat(20_000)))));
	}

	@ParameterizedTest
	@MethodSource("wrong")
	void areRefused(Case wrong) {
		requireRefusal(get(wrong.token().get()), wrong.message());
	}

	static Stream<Case> withoutOwner() {
		return Stream.<Consumer<JWTClaimsSet.Builder>>of((claims) -> claims.subject(null),
				(claims) -> claims.subject(""), (claims) -> claims.subject("a/b"), (claims) -> claims.subject("a b"),
				(claims) -> claims.subject("ä"), (claims) -> claims.subject("a\r\nb"),
				(claims) -> claims.subject("a".repeat(65)))
			.map((change) -> new Case("owner", "", () -> issuer.token(change)));
	}

	@ParameterizedTest
	@MethodSource("withoutOwner")
	void areRefusedWithoutTheNameOfAnOwner(Case wrong) {
		Answer answer = get(wrong.token().get());
		assertThat(answer.text("detail")).startsWith(REFUSED + "its claim 'sub' ")
			.endsWith(". It must be 1 to 64 letters, digits, dots, dashes, underscores or @.");
		requireRefusal(answer, answer.text("detail"));
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "a.b.c", "..", "eyJ.x!.y", "eyJhbGciOiJub25lIn0.e30", "eyJ.a.b.c", "sk-wrong.key.0123456789" })
	void areNotWhatHasAnotherShape(String bearer) {
		Answer answer = get(bearer);
		assertThat(answer.status()).isEqualTo(401);
		assertThat(answer.text("code")).isEqualTo("invalid_api_key");
		assertThat(answer.text("detail")).startsWith("Incorrect API key provided: ");
	}

	@Test
	void areRefusedByTheContainerWhenTheyDoNotFitInItsHead() {
		Answer answer = get(issuer.token((claims) -> claims.claim("x", "x".repeat(100_000))));
		assertThat(answer.status()).isEqualTo(431);
		assertThat(answer.text("code")).isEqualTo("headers_too_large");
	}

	@Test
	void areRefusedBeforeABodyIsRead() {
		Answer answer = server.with(issuer.token((claims) -> claims.audience("another")))
			.upload(new Form().field("purpose", "user_data").file("a", "content"));
		requireRefusal(answer, REFUSED + "it is for another audience.");
	}

	@Test
	void doNotOpenTheMetrics() {
		assertThat(server.with(issuer.token("alice")).get("/actuator/prometheus").status()).isEqualTo(401);
	}

	@Test
	void leaveKeysAsTheyAre() {
		assertThat(server.alice().get("/v1/files").status()).isEqualTo(200);
		assertThat(server.with("sk-wrong-key-0123456789xyz").get("/v1/files").text("detail"))
			.isEqualTo("Incorrect API key provided: sk-w…xyz.");
		assertThat(server.with("").get("/v1/files").text("detail")).startsWith("You didn't provide an API key.");
	}

	@Test
	void areInNoLogLineAndNoAnswer(CapturedOutput output) {
		String right = issuer.token("alice");
		String wrong = issuer.token((claims) -> claims.audience("another"));
		String unsigned = tampered();
		for (String token : List.of(right, wrong, unsigned)) {
			String signature = token.substring(token.lastIndexOf('.') + 1);
			assertThat(get(token).body()).doesNotContain(signature.substring(0, 20));
			assertThat(output.getAll()).doesNotContain(token, signature);
		}
		assertThat(output.getAll()).as("the log is loud").contains("Authenticated token");
		assertThat(SENT).isNotEmpty().allSatisfy((token) -> assertThat(output.getAll()).doesNotContain(token));
	}

	private static Answer get(String token) {
		if (token.length() > 100) {
			SENT.add(token);
		}
		return server.with(token).get("/v1/files");
	}

	private static void requireRefusal(Answer answer, String message) {
		assertThat(answer).extracting(Answer::status).isEqualTo(401);
		assertThat(answer.header("WWW-Authenticate")).contains("Bearer error=\"invalid_token\"");
		assertThat(answer.header("Content-Type")).contains("application/problem+json");
		assertThat(answer.text("code")).isEqualTo("invalid_token");
		assertThat(answer.text("detail")).isEqualTo(message);
		assertThat(answer.json().path("error").toString()).isEqualTo(
				"{\"message\":\"%s\",\"type\":\"invalid_request_error\",\"param\":null,\"code\":\"invalid_token\"}"
					.formatted(message));
		assertThat(answer.text("request_id")).isEqualTo(answer.header("x-request-id").orElseThrow());
	}

	private static Date in(Duration time) {
		return Date.from(Instant.now().plus(time));
	}

	private static String part(String text) {
		return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
	}

	private static String withHeader(String token, String header) {
		return part(header) + token.substring(token.indexOf('.'));
	}

	private static String withClaims(String token, String claims) {
		return token.substring(0, token.indexOf('.') + 1) + part(claims) + token.substring(token.lastIndexOf('.'));
	}

	private static String tampered() {
		return withClaims(issuer.token("alice"), issuer.claims().subject("bob").build().toString());
	}

	private static String ofType(String type) {
		RSAKey key = issuer.rsaKey();
		return issuer.token(
				new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(key.getKeyID()).type(new JOSEObjectType(type)).build(),
				TestIssuer.signer(key), (claims) -> {
				});
	}

	private static String signedWithPublicKey() {
		try {
			RSAKey key = issuer.rsaKey();
			return issuer.token(new JWSHeader.Builder(JWSAlgorithm.HS256).keyID(key.getKeyID()).build(),
					new MACSigner(key.toRSAPublicKey().getEncoded()), (claims) -> {
					});
		}
		catch (JOSEException ex) {
			throw new AssertionError(ex);
		}
	}

	private static String strange(JWSHeader.Builder header) {
		return issuer.token(header.build(), TestIssuer.signer(strangeKey()), (claims) -> {
		});
	}

	private static String withItsOwnKey() {
		RSAKey key = strangeKey();
		return issuer.token(
				new JWSHeader.Builder(JWSAlgorithm.RS256).jwk(key.toPublicJWK()).keyID(key.getKeyID()).build(),
				TestIssuer.signer(key), (claims) -> {
				});
	}

	private static RSAKey strangeKey() {
		try {
			return new RSAKeyGenerator(2048).keyID("strange").generate();
		}
		catch (JOSEException ex) {
			throw new AssertionError(ex);
		}
	}

	/** A token that is made when its test runs. */
	record Case(String name, String message, Supplier<String> token) {

		@Override
		public String toString() {
			return this.name;
		}

	}

}
