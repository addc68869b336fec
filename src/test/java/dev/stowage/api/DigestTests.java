package dev.stowage.api;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;

import dev.stowage.support.Answer;
import dev.stowage.support.Backing;
import dev.stowage.support.Form;
import dev.stowage.support.Leftovers;
import dev.stowage.support.OnEachBacking;
import dev.stowage.support.RawConnection;
import dev.stowage.support.StowageServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.jdbc.core.simple.JdbcClient;

import static dev.stowage.support.Soon.await;
import static org.assertj.core.api.Assertions.assertThat;

/** Bodies with digests: what matches is kept, and of anything else nothing is. */
class DigestTests extends OnEachBacking {

	private static final byte[] TEXT = "0123456789".getBytes(StandardCharsets.US_ASCII);

	/** More than one part at the store. */
	private static final byte[] LARGE = new byte[(9 << 20) + 12_345];

	private static final String GRANT = "{\"filename\": \"a.json\"}";

	@TempDir
	static Path folder;

	private static StowageServer server;

	/** The files that exist. */
	private static final Set<String> kept = new HashSet<>();

	@BeforeParameterizedClassInvocation
	static void start(Backing backing) {
		new Random(9530).nextBytes(LARGE);
		kept.clear();
		server = StowageServer.start(backing, folder);
	}

	@AfterParameterizedClassInvocation
	static void stop() {
		server.close();
	}

	/** Grants have no object before their URL is used. */
	@AfterEach
	void nothingIsLeftButTheFilesThatExist() {
		await().untilAsserted(() -> {
			server.sweep();
			assertThat(rows("upload_ends_at IS NULL")).containsExactlyInAnyOrderElementsOf(kept);
			assertThat(server.engine().keys().stream().map(Leftovers::idIn)).containsExactlyInAnyOrderElementsOf(kept);
			assertThat(server.engine().openUploads()).isEmpty();
		});
	}

	private static List<String> rows(String condition) {
		return JdbcClient.create(server.database())
			.sql("SELECT id FROM file WHERE " + condition)
			.query((row, number) -> row.getString("id"))
			.list();
	}

	private static byte[] hash(String algorithm, byte[] bytes) {
		try {
			return MessageDigest.getInstance(algorithm).digest(bytes);
		}
		catch (NoSuchAlgorithmException ex) {
			throw new AssertionError(ex);
		}
	}

	private static String base64(String algorithm, byte[] bytes) {
		return Base64.getEncoder().encodeToString(hash(algorithm, bytes));
	}

	/** The value of a header for these bytes. */
	private static String digest(String header, String algorithm, byte[] bytes) {
		String base64 = base64(algorithm, bytes);
		return header.equals("Content-MD5") ? base64 : algorithm.toLowerCase(Locale.ROOT) + "=:" + base64 + ":";
	}

	/** A form whose file has one more header. */
	private static Form form(byte[] content, String... headers) {
		return new Form().field("purpose", "user_data")
			.part(String.join("\r\n", "form-data; name=\"file\"; filename=\"a.bin\"", String.join("\r\n", headers))
				.strip(), content);
	}

	private static Answer upload(BodyPublisher body, String... headers) {
		String[] all = new String[headers.length + 2];
		all[0] = "Content-Type";
		all[1] = Form.CONTENT_TYPE;
		System.arraycopy(headers, 0, all, 2, headers.length);
		return server.alice().send("POST", "/v1/files", body, all);
	}

	private static Answer upload(byte[] body, String... headers) {
		return upload(BodyPublishers.ofByteArray(body), headers);
	}

	private static void assertKept(Answer answer, byte[] content) {
		assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
		kept.add(answer.text("id"));
		assertThat(server.alice().get("/v1/files/" + answer.text("id") + "/content").bytes()).isEqualTo(content);
	}

	private static void assertProblem(Answer answer, String code, String header, String message) {
		assertThat(answer.body()).isEqualTo("""
				{"type":"about:blank","title":"Bad Request","status":400,"detail":"%s","code":"%s",\
				"error":{"message":"%s","type":"invalid_request_error","param":"%s","code":null},"request_id":"%s"}"""
			.formatted(message, code, message, header, answer.header("x-request-id").orElseThrow()));
		assertThat(answer.status()).isEqualTo(400);
		assertThat(answer.header("Content-Type")).contains("application/problem+json");
	}

	private static void assertMismatch(Answer answer, String what, String header, String algorithm, byte[] actual,
			byte[] expected) {
		assertProblem(answer, "digest_mismatch", header,
				"The " + what + " has the " + algorithm.toLowerCase(Locale.ROOT) + " " + base64(algorithm, actual)
						+ ", but its " + header + " header says " + base64(algorithm, expected)
						+ ". Nothing was kept. Please send the request again.");
	}

	@ParameterizedTest
	@CsvSource({ "Content-Digest, SHA-256", "Content-Digest, SHA-512", "Repr-Digest, SHA-256", "Repr-Digest, SHA-512",
			"Content-MD5, MD5" })
	void keepsWhatHasItsDigest(String header, String algorithm) {
		for (byte[] content : new byte[][] { TEXT, LARGE }) {
			byte[] plain = form(content).bytes();
			assertKept(upload(plain, header, digest(header, algorithm, plain)), content);
			assertKept(upload(form(content, header + ": " + digest(header, algorithm, content)).bytes()), content);
		}
	}

	@ParameterizedTest
	@CsvSource({ "Content-Digest, SHA-256", "Content-Digest, SHA-512", "Repr-Digest, SHA-256", "Repr-Digest, SHA-512",
			"Content-MD5, MD5" })
	void refusesWhatHasAnotherDigest(String header, String algorithm) {
		for (byte[] content : new byte[][] { TEXT, LARGE }) {
			byte[] sent = form(content).bytes();
			byte[] changed = content.clone();
			changed[changed.length - 1] ^= 1;
			byte[] other = form(changed).bytes();
			assertMismatch(upload(sent, header, digest(header, algorithm, other)), "body", header, algorithm, sent,
					other);
			assertMismatch(upload(form(content, header + ": " + digest(header, algorithm, changed)).bytes()), "part",
					header, algorithm, content, changed);
		}
	}

	@Test
	void checksABodyWhoseLengthIsUnknown() {
		byte[] form = form(LARGE).bytes();
		assertKept(upload(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(form)), "Content-Digest",
				digest("Content-Digest", "SHA-256", form)), LARGE);
		assertMismatch(upload(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(form)), "Content-Digest",
				digest("Content-Digest", "SHA-256", LARGE)), "body", "Content-Digest", "SHA-256", form, LARGE);
	}

	@Test
	void requiresEveryDigestToMatch() {
		String inPart = "content-DIGEST: " + digest("Content-Digest", "SHA-256", TEXT);
		byte[] form = form(TEXT, inPart, "Content-MD5: " + digest("Content-MD5", "MD5", TEXT)).bytes();
		String right = digest("Content-Digest", "SHA-256", form);
		assertKept(upload(form, "Content-Digest", right, "Content-Digest", digest("Content-Digest", "SHA-512", form),
				"Repr-Digest", right, "Content-MD5", digest("Content-MD5", "MD5", form)), TEXT);
		assertMismatch(upload(form, "Content-Digest", right, "Content-MD5", digest("Content-MD5", "MD5", TEXT)), "body",
				"Content-MD5", "MD5", form, TEXT);
		assertMismatch(upload(form, "Content-Digest", right + ", " + digest("Content-Digest", "SHA-512", TEXT),
				"Repr-Digest", right), "body", "Content-Digest", "SHA-512", form, TEXT);
		byte[] wrong = form(TEXT, inPart, "Content-MD5: " + digest("Content-MD5", "MD5", form)).bytes();
		assertMismatch(upload(wrong, "Content-Digest", digest("Content-Digest", "SHA-256", wrong)), "part",
				"Content-MD5", "MD5", TEXT, form);
	}

	@Test
	void checksAFieldAndWhatFollowsTheFile() {
		byte[] purpose = "user_data".getBytes(StandardCharsets.US_ASCII);
		Form right = new Form().file("a.bin", TEXT)
			.part("form-data; name=\"purpose\"\r\nContent-Digest: " + digest("Content-Digest", "SHA-256", purpose),
					purpose);
		assertKept(server.alice().upload(right), TEXT);
		Form wrong = new Form().file("a.bin", TEXT)
			.part("form-data; name=\"purpose\"\r\nContent-Digest: " + digest("Content-Digest", "SHA-256", TEXT),
					purpose);
		assertMismatch(server.alice().upload(wrong), "part", "Content-Digest", "SHA-256", purpose, TEXT);
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 60_000 })
	void coversTheWholeFormToItsLastByte(int more) {
		String form = "preamble\r\n" + new String(form(TEXT).bytes(), StandardCharsets.ISO_8859_1) + "e".repeat(more);
		byte[] whole = form.getBytes(StandardCharsets.ISO_8859_1);
		String digest = digest("Content-Digest", "SHA-256", whole);
		assertKept(upload(whole, "Content-Digest", digest), TEXT);
		byte[] longer = (form + "x").getBytes(StandardCharsets.ISO_8859_1);
		assertMismatch(upload(longer, "Content-Digest", digest), "body", "Content-Digest", "SHA-256", longer, whole);
	}

	@Test
	void limitsWhatFollowsAFormOnlyIfItHasADigest() {
		byte[] form = (new String(form(TEXT).bytes(), StandardCharsets.ISO_8859_1) + "e".repeat(100_000))
			.getBytes(StandardCharsets.ISO_8859_1);
		assertKept(upload(form), TEXT);
		Answer refused = upload(form, "Content-Digest", digest("Content-Digest", "SHA-256", form));
		assertThat(refused.status()).isEqualTo(400);
		assertThat(refused.text("detail")).startsWith("More than 65536 bytes follow the closing boundary");
	}

	@ParameterizedTest
	@CsvSource({ "Content-Digest, SHA-256", "Repr-Digest, SHA-512", "Content-MD5, MD5" })
	void checksAJsonBody(String header, String algorithm) {
		byte[] body = GRANT.getBytes(StandardCharsets.US_ASCII);
		int grants = rows("upload_ends_at IS NOT NULL").size();
		Answer answer = create(header, digest(header, algorithm, body));
		assertThat(answer.text("object")).as(answer.toString()).isEqualTo("file.upload");
		assertMismatch(create(header, digest(header, algorithm, TEXT)), "body", header, algorithm, body, TEXT);
		assertThat(create(header, "?").text("code")).isEqualTo("invalid_digest");
		assertThat(rows("upload_ends_at IS NOT NULL")).hasSize(grants + 1).contains(answer.text("id"));
	}

	private static Answer create(String... headers) {
		String[] all = new String[] { "Content-Type", "application/json", headers[0], headers[1] };
		return server.alice().send("POST", "/v1/files", BodyPublishers.ofString(GRANT), all);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`',
			textBlock = """
					Content-Digest | sha-256=AAAA                | The Content-Digest header of the %s cannot be read. \
					Send 'sha-256=:' or 'sha-512=:', then the bytes of the digest as base64, then ':'.
					Content-Digest | md5=:AAAA:,                 | The Content-Digest header of the %s cannot be read. \
					Send 'sha-256=:' or 'sha-512=:', then the bytes of the digest as base64, then ':'.
					Repr-Digest    | sha-256=:AAAA:              | The sha-256 in the Repr-Digest header of the %s has 3 bytes. \
					It must have 32, sent as base64.
					Content-MD5    | d41d8cd98f00b204e9800998ecf8427e | The md5 in the Content-MD5 header of the %s has 24 bytes. \
					It must have 16, sent as base64.
					Content-MD5    | <script>                    | The Content-MD5 header of the %s cannot be read. \
					Send it once, with the 16 bytes of the MD5 as base64.
					""")
	void refusesWhatCannotBeRead(String header, String value, String message) {
		for (byte[] content : new byte[][] { TEXT, LARGE }) {
			assertProblem(upload(form(content).bytes(), header, value), "invalid_digest", header,
					message.formatted("body"));
			assertProblem(upload(form(content, header + ": " + value).bytes()), "invalid_digest", header,
					message.formatted("part"));
		}
	}

	@Test
	void refusesWhatCannotBeReadBeforeTheBody() throws IOException {
		try (RawConnection connection = new RawConnection(server)) {
			connection.uploadHead("Expect: 100-continue", "Content-Length: 1000000", "Content-Digest: x=");
			assertThat(connection.answer()).startsWith("HTTP/1.1 400").contains("\"invalid_digest\"");
		}
	}

	@Test
	void ignoresUnknownAlgorithms() {
		byte[] form = form(TEXT, "Content-Digest: crc32c=:AAAA:").bytes();
		assertKept(upload(form, "Content-Digest", "md5=:AAAA:, unixsum=30637, id-sha-256=x"), TEXT);
	}

	@Test
	void aFormThatIsRefusedForAnotherReasonIsReadWithoutItsDigest() {
		byte[] form = new Form().field("purpose", "nonsense").file("a.bin", LARGE).bytes();
		Answer answer = upload(form, "Content-Digest", digest("Content-Digest", "SHA-256", TEXT));
		assertThat(answer.status()).isEqualTo(400);
		assertThat(answer.text("code")).isEqualTo("validation_error");
	}

	@Test
	void aBodyThatIsCutBehindItsLastPartLeavesNothing() throws IOException {
		byte[] form = form(LARGE).bytes();
		try (RawConnection connection = new RawConnection(server)) {
			connection
				.uploadHead("Content-Length: " + (form.length + 1),
						"Content-Digest: " + digest("Content-Digest", "SHA-256", form))
				.send(form)
				.endOutput();
			assertThat(connection.answer()).startsWith("HTTP/1.1 400")
				.contains("The body ended before its declared length");
		}
	}

}
