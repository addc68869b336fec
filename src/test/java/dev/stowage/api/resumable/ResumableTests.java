package dev.stowage.api.resumable;

import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import dev.stowage.support.Answer;
import dev.stowage.support.Backing;
import dev.stowage.support.Caller;
import dev.stowage.support.Command;
import dev.stowage.support.Form;
import dev.stowage.support.OnEachBacking;
import dev.stowage.support.RawConnection;
import dev.stowage.support.StowageServer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.jdbc.core.simple.JdbcClient;

import static dev.stowage.support.Soon.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/** Resumable uploads for HTTP, as the IETF's draft defines them, rule by rule. */
class ResumableTests extends OnEachBacking {

	private static final String FILES = "/v1/files?purpose=user_data";

	private static final String PARTIAL = "application/partial-upload";

	private static final String TYPES = "https://iana.org/assignments/http-problem-types#";

	@TempDir
	static Path folder;

	private static StowageServer server;

	@BeforeParameterizedClassInvocation
	static void start(Backing backing) {
		server = StowageServer.start(backing, folder, "stowage.resumable.max-size=1GB");
	}

	@AfterParameterizedClassInvocation
	static void stop() {
		server.close();
	}

	@ParameterizedTest
	@CsvSource({ "/v1/files, 'GET,HEAD,POST,OPTIONS'", "/v1/uploads, 'POST,OPTIONS'",
			"/v1/uploads/upload_x, 'GET,HEAD,PATCH,DELETE,OPTIONS'" })
	void saysWithoutAKeyWhatItAccepts(String path, String allowed) {
		Answer answer = server.with("").send("OPTIONS", path, BodyPublishers.noBody());
		assertThat(answer.status()).isEqualTo(204);
		requireHeaders(answer, "Allow", allowed, "Upload-Limit", "max-size=1073741824, min-size=1, max-age=86400");
	}

	@Test
	void takesAWholeFileInOneRequest() {
		Answer answer = create("?1", "hello", "Content-Type", "text/csv", "Content-Disposition",
				"attachment; filename=\"data.csv\"");
		assertThat(answer.status()).isEqualTo(200);
		String file = answer.text("id");
		requireHeaders(answer, "Upload-Complete", "?1", "Upload-Offset", "5", "Location",
				"/v1/uploads/" + file.replace("file-", "upload_"), "Content-Location", "/v1/files/" + file,
				"Stowage-File-Id", file, "Content-Type", "application/json");
		assertThat(answer.header("Upload-Limit").orElseThrow()).startsWith("max-size=1073741824, min-size=1, max-age=");
		assertThat(answer.body()).isEqualTo(server.alice().get("/v1/files/" + file).body());
		assertThat(answer.text("filename")).isEqualTo("data.csv");
		assertThat(answer.text("purpose")).isEqualTo("user_data");
		assertThat(answer.text("status")).isEqualTo("processed");
		assertThat(content(file)).isEqualTo("hello");
		assertThat(server.alice().get("/v1/files/" + file + "/content", "Accept", "text/csv").header("Content-Type"))
			.contains("text/csv");
	}

	@Test
	void takesAFileInPieces() {
		Answer created = create("?0", "he", "Upload-Length", "5");
		assertThat(created.status()).isEqualTo(201);
		assertThat(created.bytes()).isEmpty();
		requireHeaders(created, "Upload-Complete", "?0", "Upload-Offset", "2");
		requireFullAge(created, false);
		String path = path(created);
		Answer asked = head(path);
		assertThat(asked.status()).isEqualTo(204);
		requireHeaders(asked, "Upload-Offset", "2", "Upload-Complete", "?0", "Upload-Length", "5", "Cache-Control",
				"no-store");
		assertThat(asked.header("Upload-Limit")).isPresent();
		Answer appended = append(path, "2", "?0", "l");
		assertThat(appended.status()).isEqualTo(204);
		requireHeaders(appended, "Upload-Offset", "3", "Upload-Complete", "?0");
		requireFullAge(appended, false);
		Answer last = append(path, "3", "?1", "lo");
		assertThat(last.status()).isEqualTo(200);
		String file = last.text("id");
		assertThat(path).endsWith(file.replace("file-", "upload_"));
		requireHeaders(last, "Upload-Offset", "5", "Upload-Complete", "?1", "Content-Location", "/v1/files/" + file);
		assertThat(last.body()).isEqualTo(server.alice().get("/v1/files/" + file).body());
		assertThat(content(file)).isEqualTo("hello");
		Answer after = head(path);
		assertThat(after.status()).isEqualTo(204);
		requireHeaders(after, "Upload-Offset", "5", "Upload-Complete", "?1", "Upload-Length", "5");
	}

	@Test
	void takesAFileAfterAnEmptyCreation() {
		Answer created = create("?0", "");
		assertThat(created.status()).isEqualTo(201);
		requireHeaders(created, "Upload-Complete", "?0", "Upload-Offset", "0");
		String path = path(created);
		assertThat(head(path).header("Upload-Length")).isEmpty();
		Answer nothing = append(path, "0", "?0", "");
		assertThat(nothing.status()).isEqualTo(204);
		append(path, "0", "?0", "hello");
		Answer last = append(path, "5", "?1", "");
		assertThat(last.status()).isEqualTo(200);
		assertThat(content(last.text("id"))).isEqualTo("hello");
	}

	@Test
	void showsTheUploadAndItsFile() {
		String path = path(create("?0", "he"));
		Answer pending = send("GET", path, "");
		assertThat(pending.status()).isEqualTo(200);
		assertThat(pending.text("status")).isEqualTo("pending");
		Answer last = append(path, "2", "?1", "llo");
		Answer completed = send("GET", path, "");
		assertThat(completed.text("status")).isEqualTo("completed");
		assertThat(completed.json().path("file").toString()).isEqualTo(last.body());
	}

	@Test
	void answersARepeatedLastRequestAgain() {
		String path = path(create("?0", "he"));
		Answer last = append(path, "2", "?1", "llo");
		Answer repeated = append(path, "5", "?1", "");
		assertThat(repeated.status()).isEqualTo(200);
		assertThat(repeated.body()).isEqualTo(last.body());
		requireHeaders(repeated, "Upload-Complete", "?1", "Upload-Offset", "5");
		requireMismatch(append(path, "5", "?1", "x"), 5, 5);
		requireMismatch(append(path, "2", "?1", "llo"), 5, 2);
		requireProblem(send("DELETE", path, ""), 400, "upload_not_pending", "upload_id");
		assertThat(server.alice().delete("/v1/files/" + last.text("id")).status()).isEqualTo(200);
		assertThat(head(path).status()).isEqualTo(404);
	}

	@Test
	void namesBothOffsetsIfTheyDiffer() {
		String path = path(create("?0", "he"));
		requireMismatch(append(path, "0", "?0", "hello"), 2, 0);
		requireMismatch(append(path, "3", "?1", "lo"), 2, 3);
		requireHeaders(head(path), "Upload-Offset", "2");
	}

	private static void requireMismatch(Answer answer, long expected, long provided) {
		requireProblem(answer, 409, "mismatching_upload_offset", "Upload-Offset");
		assertThat(answer.text("type")).isEqualTo(TYPES + "mismatching-upload-offset");
		assertThat(answer.json().path("expected-offset").asLong()).isEqualTo(expected);
		assertThat(answer.json().path("provided-offset").asLong()).isEqualTo(provided);
		requireHeaders(answer, "Upload-Offset", String.valueOf(expected), "Upload-Complete", "?0");
	}

	@ParameterizedTest
	@CsvSource({ "?1, 6", "?1, 4", "?0, 4" })
	void createsNothingOfInconsistentLengths(String complete, String length) {
		long before = pending();
		requireInconsistent(create(complete, "hello", "Upload-Length", length));
		assertThat(pending()).isEqualTo(before);
	}

	@Test
	void createsNothingThatIsLongerThanItsLength() {
		long before = pending();
		requireInconsistent(send("POST", FILES, chunked("hello"), "Upload-Complete", "?0", "Upload-Length", "4"));
		requireInconsistent(send("POST", FILES, chunked("hello"), "Upload-Complete", "?1", "Upload-Length", "4"));
		requireInconsistent(send("POST", FILES, chunked("hello"), "Upload-Complete", "?1", "Upload-Length", "6"));
		assertThat(pending()).isEqualTo(before);
	}

	@Test
	void keepsAnUploadToWhichAnotherLengthIsGiven() {
		String path = path(create("?0", "he", "Upload-Length", "5"));
		requireInconsistent(append(path, "2", "?0", "l", "Upload-Length", "6"));
		requireInconsistent(append(path, "2", "?1", "l"));
		requireHeaders(head(path), "Upload-Offset", "2", "Upload-Length", "5");
		assertThat(append(path, "2", "?1", "llo", "Upload-Length", "5").status()).isEqualTo(200);
	}

	@Test
	void endsAnUploadWhoseLengthIsExceeded() {
		for (BodyPublisher more : List.of(BodyPublishers.ofString("llo!"), chunked("llo!"))) {
			String path = path(create("?0", "he", "Upload-Length", "5"));
			requireInconsistent(
					send("PATCH", path, more, "Content-Type", PARTIAL, "Upload-Offset", "2", "Upload-Complete", "?0"));
			assertThat(head(path).status()).isEqualTo(410);
			requireProblem(append(path, "2", "?1", "llo"), 410, "upload_not_pending", "upload_id");
		}
	}

	private static void requireInconsistent(Answer answer) {
		requireProblem(answer, 400, "inconsistent_upload_length", "Upload-Length");
		assertThat(answer.text("type")).isEqualTo(TYPES + "inconsistent-upload-length");
		requireHeaders(answer, "Upload-Complete", "?0");
	}

	@Test
	void learnsTheLengthFromTheLastRequest() {
		String path = path(create("?0", "he"));
		requireHeaders(append(path, "2", "?0", "l", "Upload-Length", "5"), "Upload-Offset", "3");
		requireHeaders(head(path), "Upload-Length", "5");
		String other = path(create("?0", "he"));
		Answer last = send("PATCH", other, chunked("llo"), "Content-Type", PARTIAL, "Upload-Offset", "2",
				"Upload-Complete", "?1");
		assertThat(content(last.text("id"))).isEqualTo("hello");
	}

	@ParameterizedTest
	@FieldSource("ignored")
	void ignoresFieldsThatAreMalformed(List<String> headers, String missing) {
		String path = path(create("?0", "he"));
		Answer answer = send("PATCH", path, BodyPublishers.ofString("llo"),
				Stream.concat(Stream.of("Content-Type", PARTIAL), headers.stream()).toArray(String[]::new));
		requireProblem(answer, 400, "validation_error", missing);
		assertThat(answer.text("detail")).startsWith("'" + missing + "' is a required header");
		requireHeaders(head(path), "Upload-Offset", "2");
	}

	static final List<Arguments> ignored = List.of(arguments(List.of("Upload-Complete", "?1"), "Upload-Offset"),
			arguments(List.of("Upload-Complete", "?1", "Upload-Offset", "\"2\""), "Upload-Offset"),
			arguments(List.of("Upload-Complete", "?1", "Upload-Offset", "2.0"), "Upload-Offset"),
			arguments(List.of("Upload-Complete", "?1", "Upload-Offset", "-2"), "Upload-Offset"),
			arguments(List.of("Upload-Complete", "?1", "Upload-Offset", "2 bytes"), "Upload-Offset"),
			arguments(List.of("Upload-Complete", "?1", "Upload-Offset", "1234567890123456"), "Upload-Offset"),
			arguments(List.of("Upload-Complete", "?1", "Upload-Offset", "2", "Upload-Offset", "2"), "Upload-Offset"),
			arguments(List.of("Upload-Complete", "?1", "Upload-Offset", "2, 2"), "Upload-Offset"),
			arguments(List.of("Upload-Offset", "2"), "Upload-Complete"),
			arguments(List.of("Upload-Offset", "2", "Upload-Complete", "1"), "Upload-Complete"),
			arguments(List.of("Upload-Offset", "2", "Upload-Complete", "true"), "Upload-Complete"),
			arguments(List.of("Upload-Offset", "2", "Upload-Complete", "?2"), "Upload-Complete"),
			arguments(List.of("Upload-Offset", "2", "Upload-Complete", "?1, ?1"), "Upload-Complete"),
			arguments(List.of("Upload-Offset", "2", "Upload-Complete", "?1;A=1"), "Upload-Complete"));

	@Test
	void allowsParametersOfFields() {
		String path = path(create("?0;a", "he", "Upload-Length", "5;a=?1; b=\"x\""));
		requireHeaders(head(path), "Upload-Length", "5");
		assertThat(append(path, "2;a=1.5;b=tok/en", "?1; c=:YQ==:", "llo").status()).isEqualTo(200);
		String unknown = path(create("?0", "he", "Upload-Length", "five"));
		assertThat(head(unknown).header("Upload-Length")).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "1", "?2", "?1, ?1", "" })
	void takesNoRawBodyWithoutTheField(String complete) {
		Answer answer = send("POST", FILES, BodyPublishers.ofString("hello"), "Content-Type", "text/plain",
				"Upload-Complete", complete);
		requireProblem(answer, 415, "unsupported_media_type", null);
	}

	@ParameterizedTest
	@ValueSource(strings = { "1", "?2", "?1, ?1", "" })
	void grantsAnUploadUrlAsWithoutAMalformedField(String complete) {
		Answer answer = send("POST", FILES, BodyPublishers.ofString("{\"filename\": \"a.json\"}"), "Content-Type",
				"application/json", "Upload-Complete", complete);
		assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
		assertThat(answer.text("upload_url")).isNotEmpty();
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "application/octet-stream", "text/plain", "application/x-www-form-urlencoded", "nonsense" })
	void takesNoRawBodyWithoutAnyField(String type) {
		Answer answer = send("POST", FILES, BodyPublishers.ofString("hello"), "Content-Type", type);
		requireProblem(answer, 415, "unsupported_media_type", null);
		requireProblem(send("POST", FILES, BodyPublishers.noBody()), 415, "unsupported_media_type", null);
	}

	@ParameterizedTest
	@ValueSource(strings = { "application/octet-stream", "application/offset+octet-stream", "application/json", "" })
	void appendsNoOtherType(String type) {
		String path = path(create("?0", "he"));
		String[] headers = { "Upload-Offset", "2", "Upload-Complete", "?1" };
		Answer answer = send("PATCH", path, BodyPublishers.ofString("llo"), type.isEmpty() ? headers
				: Stream.concat(Stream.of(headers), Stream.of("Content-Type", type)).toArray(String[]::new));
		// that of tus needs its header
		int status = type.startsWith("application/offset") ? 412 : 415;
		assertThat(answer.status()).isEqualTo(status);
		requireHeaders(head(path), "Upload-Offset", "2");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			value = { "application/json | {\"filename\": \"a.json\"}",
					"application/x-www-form-urlencoded | a=b&purpose=batch&c=%20d+e",
					"text/plain;charset=utf-8 | grüße", "image/png | png", "application/partial-upload | x",
					"application/offset+octet-stream | x", "application/x-unknown; boundary=a | --a", "nonsense | x" })
	void takesBodiesOfAnyTypeAsTheyAre(String type, String body) {
		Answer answer = create("?1", body, "Content-Type", type);
		if (type.equals("nonsense")) {
			assertThat(answer.status()).isEqualTo(415);
			return;
		}
		assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
		assertThat(content(answer.text("id"))).isEqualTo(body);
		String path = path(create("?0", body, "Content-Type", type));
		Answer last = append(path, String.valueOf(body.getBytes(StandardCharsets.UTF_8).length), "?1", body);
		assertThat(content(last.text("id"))).isEqualTo(body + body);
	}

	@Test
	void readsAFormAsAForm() {
		Form form = new Form().field("purpose", "evals").file("a.txt", "hello");
		Answer answer = send("POST", "/v1/files", BodyPublishers.ofByteArray(form.bytes()), "Content-Type",
				Form.CONTENT_TYPE, "Upload-Complete", "?1");
		assertThat(answer.status()).isEqualTo(200);
		assertThat(answer.text("purpose")).isEqualTo("evals");
		assertThat(content(answer.text("id"))).isEqualTo("hello");
	}

	@ParameterizedTest
	@FieldSource("names")
	void readsTheNameOfAFile(String disposition, String name) throws Exception {
		try (RawConnection connection = new RawConnection(server)) {
			String answer = connection
				.send("POST " + FILES + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + StowageServer.ALICE
						+ "\r\nUpload-Complete: ?1\r\nContent-Length: 5\r\nContent-Disposition: " + disposition
						+ "\r\n\r\nhello")
				.answer();
			assertThat(answer).startsWith("HTTP/1.1 200").contains("\"filename\":\"" + name + "\"");
		}
	}

	static final List<Arguments> names = List.of(arguments("attachment; filename=\"data.csv\"", "data.csv"),
			arguments("inline; filename=data.csv", "data.csv"),
			arguments("attachment; filename*=UTF-8''weltgr%C3%BC%C3%9Fe.csv", "weltgrüße.csv"),
			arguments("attachment; filename=\"plain.csv\"; filename*=UTF-8''weltgr%C3%BC%C3%9Fe.csv", "weltgrüße.csv"),
			arguments("attachment; filename*=UTF-8''weltgr%C3%BC%C3%9Fe.csv; filename=\"plain.csv\"", "weltgrüße.csv"),
			arguments("attachment; filename=\"weltgrüße.csv\"", "weltgrüße.csv"),
			arguments("attachment; filename=\"a \\\"b\\\" c.csv\"", "a \\\"b\\\" c.csv"),
			arguments("attachment; filename=\"a;b.csv\"; x=y", "a;b.csv"),
			arguments("attachment; filename=\"../../etc/passwd\"", "passwd"),
			arguments("attachment; filename=\"C:\\\\data\\\\a.csv\"", "a.csv"),
			arguments("attachment; filename*=UTF-8''..%2F..%2Fa%0D%0Ab.csv", "ab.csv"),
			arguments("attachment", "upload"), arguments("attachment; filename=\"\"", "upload"),
			arguments(";;;", "upload"), arguments("attachment; filename*=UTF-8''%ZZ.csv", "upload"));

	@ParameterizedTest
	@FieldSource("badQueries")
	void refusesWhatTheQuerySays(String query, String param, String message) {
		long before = pending();
		Answer answer = raw("/v1/files" + query);
		requireProblem(answer, 400, "validation_error", param);
		assertThat(answer.text("detail")).isEqualTo(message);
		assertThat(pending()).isEqualTo(before);
	}

	static final List<Arguments> badQueries = List.of(arguments("", "purpose", "'purpose' is a required property"),
			arguments("?expires_after[seconds]=7200", "purpose", "'purpose' is a required property"),
			arguments("?purpose=evals&purpose=evals", "purpose", "'purpose' is given twice."),
			arguments("?purpose=", "purpose",
					"'' is not one of ['fine-tune', 'assistants', 'batch', 'user_data', 'vision', 'evals'] - 'purpose'"),
			arguments("?purpose=context", "purpose",
					"'context' is not one of ['fine-tune', 'assistants', 'batch', 'user_data', 'vision', 'evals'] - 'purpose'"),
			arguments("?purpose=evals&expires_after[seconds]=5", "expires_after[seconds]",
					"'expires_after[seconds]' must be a whole number from 3600 to 2592000."),
			arguments("?purpose=evals&expires_after%5Bseconds%5D=1h", "expires_after[seconds]",
					"'expires_after[seconds]' must be a whole number from 3600 to 2592000."),
			arguments("?purpose=evals&expires_after[anchor]=now&expires_after[seconds]=7200", "expires_after[anchor]",
					"'expires_after[anchor]' must be 'created_at'."),
			arguments("?purpose=evals&expires_after[anchor]=created_at", "expires_after[seconds]",
					"'expires_after[seconds]' must be a whole number from 3600 to 2592000."),
			arguments("?purpose=evals&expires_after[second]=7200", "expires_after",
					"The expiry cannot be read. Send 'expires_after[anchor]' and 'expires_after[seconds]', or 'expires_after' with a JSON object of anchor and seconds."),
			arguments("?purpose=evals&expires_after[seconds]=7200&expires_after[seconds]=7200", "expires_after",
					"'expires_after[seconds]' sets the expiry a second time."));

	@ParameterizedTest
	@ValueSource(strings = { "expires_after[seconds]=7200", "expires_after%5Bseconds%5D=7200",
			"expires_after[anchor]=created_at&expires_after[seconds]=7200",
			"expires_after%5Banchor%5D=created_at&expires_after%5Bseconds%5D=7200",
			"expires_after=%7B%22anchor%22%3A%22created_at%22%2C%22seconds%22%3A7200%7D&other=1" })
	void takesALifetimeFromTheQuery(String query) {
		Answer answer = raw("/v1/files?purpose=evals&" + query);
		assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
		assertThat(answer.json().path("expires_at").asLong() - answer.json().path("created_at").asLong())
			.isBetween(7200L, 7260L);
	}

	/** With a query as it is, which the JDK's client would refuse. */
	private static Answer raw(String path) {
		return send("POST", path.replace("[", "%5B").replace("]", "%5D"), BodyPublishers.ofString("hello"),
				"Upload-Complete", "?1");
	}

	@Test
	void takesBracketsInAQueryAsTheyAre() throws Exception {
		try (RawConnection connection = new RawConnection(server)) {
			String answer = connection
				.send("POST /v1/files?purpose=evals&expires_after[seconds]=7200 HTTP/1.1\r\nHost: localhost\r\n"
						+ "Authorization: Bearer " + StowageServer.ALICE
						+ "\r\nUpload-Complete: ?1\r\nContent-Length: 5\r\n\r\nhello")
				.answer();
			assertThat(answer).startsWith("HTTP/1.1 200").doesNotContain("\"expires_at\":null");
		}
	}

	@Test
	void refusesFilesThatMayNotBe() {
		requireProblem(create("?1", ""), 400, "validation_error", "file");
		requireProblem(create("?0", "", "Upload-Length", "0"), 400, "validation_error", "file");
		requireProblem(create("?0", "", "Upload-Length", "1073741825"), 413, "file_too_large", "file");
		requireProblem(append(path(create("?0", "")), "0", "?1", ""), 400, "validation_error", "file");
		Answer batch = send("POST", "/v1/files?purpose=batch", BodyPublishers.ofString("hello"), "Upload-Complete",
				"?1", "Content-Disposition", "attachment; filename=\"a.csv\"");
		requireProblem(batch, 400, "validation_error", "file");
		assertThat(batch.text("detail")).isEqualTo("Invalid file format for Batch API. Must be .jsonl");
		Answer large = send("POST", "/v1/files?purpose=batch", BodyPublishers.noBody(), "Upload-Complete", "?0",
				"Upload-Length", "209715201");
		requireProblem(large, 400, "file_too_large", "file");
		Answer encoded = create("?1", "hello", "Content-Encoding", "gzip");
		requireProblem(encoded, 415, "unsupported_content_encoding", null);
		requireHeaders(encoded, "Accept-Encoding", "identity");
		requireProblem(append(path(create("?0", "he")), "2", "?1", "llo", "Content-Encoding", "gzip"), 415,
				"unsupported_content_encoding", null);
	}

	@Test
	void endsAnUpload() {
		String path = path(create("?0", "he"));
		assertThat(send("DELETE", path, "").status()).isEqualTo(204);
		assertThat(head(path).status()).isEqualTo(410);
		requireProblem(append(path, "2", "?1", "llo"), 410, "upload_not_pending", "upload_id");
		requireProblem(send("DELETE", path, ""), 410, "upload_not_pending", "upload_id");
	}

	@Test
	void saysHowMuchTimeIsLeft() {
		String path = path(create("?0", "he", "Upload-Draft-Interop-Version", "6"));
		server.clock().move(Duration.ofHours(23));
		Answer asked = send("HEAD", path, BodyPublishers.noBody(), "Upload-Draft-Interop-Version", "6");
		String limit = asked.header("Upload-Limit").orElseThrow();
		assertThat(limit).matches("max-size=1073741824, min-size=1, max-age=(\\d+), expires=\\1");
		assertThat(Integer.parseInt(limit.substring(limit.lastIndexOf('=') + 1))).isBetween(3_500, 3_600);
		Answer appended = append(path, "2", "?0", "l");
		requireFullAge(appended, false);
		server.clock().move(Duration.ofHours(25));
		assertThat(head(path).status()).isEqualTo(410);
	}

	@ParameterizedTest
	@CsvSource({ "5, false", "6, true", "7, false", "8, false", "9, false", "10, false", "six, false" })
	void speaksOfTheAgeAsTheVersionOfTheClientDoes(String version, boolean expires) {
		Answer answer = create("?0", "he", "Upload-Draft-Interop-Version", version);
		requireFullAge(answer, expires);
	}

	private static void requireFullAge(Answer answer, boolean expires) {
		assertThat(answer.header("Upload-Limit").orElseThrow())
			.matches("max-size=1073741824, min-size=1, max-age=(863\\d\\d|86400)" + (expires ? ", expires=\\1" : ""));
	}

	@Test
	void keepsNothingOfABodyThatDiffersFromItsDigest() {
		long before = pending();
		for (String header : List.of("Repr-Digest", "Content-Digest")) {
			requireProblem(create("?1", "hello", header, digest("hallo")), 400, "digest_mismatch", header);
		}
		assertThat(pending()).isEqualTo(before);
		String path = path(create("?0", "he", "Content-Digest", digest("he")));
		requireProblem(append(path, "2", "?0", "ll", "Content-Digest", digest("lo")), 400, "digest_mismatch",
				"Content-Digest");
		requireHeaders(head(path), "Upload-Offset", "2");
		requireProblem(append(path, "2", "?1", "llo", "Content-Digest", digest("lo")), 400, "digest_mismatch",
				"Content-Digest");
		requireHeaders(head(path), "Upload-Offset", "2");
		assertThat(append(path, "2", "?1", "llo", "Content-Digest", digest("llo")).status()).isEqualTo(200);
		requireProblem(create("?0", "he", "Content-Digest", "sha-256=5"), 400, "invalid_digest", "Content-Digest");
	}

	@Test
	void comparesTheWholeFileWithTheDigestThatWasSaidFirst() {
		assertThat(create("?1", "hello", "Repr-Digest", digest("hello")).status()).isEqualTo(200);
		String path = path(create("?0", "he", "Repr-Digest", digest("hello")));
		assertThat(append(path, "2", "?0", "l").status()).isEqualTo(204);
		Answer last = append(path, "3", "?1", "lo");
		assertThat(last.status()).as(last.toString()).isEqualTo(200);
		assertThat(content(last.text("id"))).isEqualTo("hello");
		assertThat(append(path, "5", "?1", "").status()).isEqualTo(200);
	}

	@Test
	void comparesALargeFileWithTheDigestThatWasSaidFirst() {
		String part = "0123456789abcdef".repeat(5 * 1024 * 1024 / 16 + 1);
		for (String whole : List.of(part + part + "x", part + part + "y")) {
			String path = path(create("?0", "", "Repr-Digest", digest("sha-512", whole) + ", " + digest(whole)));
			assertThat(append(path, "0", "?0", part).status()).isEqualTo(204);
			assertThat(append(path, "" + part.length(), "?0", part).status()).isEqualTo(204);
			Answer last = append(path, "" + 2 * part.length(), "?1", "x");
			if (whole.endsWith("x")) {
				assertThat(last.status()).as(last.toString()).isEqualTo(200);
			}
			else {
				requireProblem(last, 400, "digest_mismatch", "Repr-Digest");
			}
		}
	}

	@Test
	void comparesABodyThatHasADigestAsWellAsTheFile() {
		String path = path(create("?0", "he", "Repr-Digest", digest("hello"), "Content-Digest", digest("he")));
		assertThat(append(path, "2", "?1", "llo", "Content-Digest", digest("llo")).status()).isEqualTo(200);
		requireProblem(create("?1", "hello", "Repr-Digest", digest("hello"), "Content-Digest", digest("hallo")), 400,
				"digest_mismatch", "Content-Digest");
		requireProblem(create("?1", "hello", "Repr-Digest", digest("hallo"), "Content-Digest", digest("hello")), 400,
				"digest_mismatch", "Repr-Digest");
	}

	@ParameterizedTest
	@ValueSource(strings = { "multipart/form-data", "Multipart/Form-Data" })
	void comparesAFormThatSaysSomethingOfUploads(String type) {
		byte[] form = new Form().field("purpose", "user_data").file("a.txt", "hello").bytes();
		Answer answer = send("POST", "/v1/files", BodyPublishers.ofByteArray(form), "Content-Type",
				Form.CONTENT_TYPE.replace("multipart/form-data", type), "Upload-Complete", "?1", "Repr-Digest",
				digest("hello"));
		requireProblem(answer, 400, "digest_mismatch", "Repr-Digest");
	}

	@Test
	void endsAnUploadWhoseFileHasAnotherDigest() {
		long before = pending();
		String path = path(create("?0", "he", "Repr-Digest", digest("hallo")));
		Answer last = append(path, "2", "?1", "llo");
		requireProblem(last, 400, "digest_mismatch", "Repr-Digest");
		assertThat(last.text("detail")).contains(digest("hello").substring("sha-256=:".length(), 40))
			.contains(digest("hallo").substring("sha-256=:".length(), 40));
		assertThat(head(path).status()).isEqualTo(410);
		requireProblem(append(path, "5", "?1", ""), 410, "upload_not_pending", "upload_id");
		assertThat(pending()).isEqualTo(before);
		requireProblem(create("?0", "he", "Repr-Digest", "sha-256=5"), 400, "invalid_digest", "Repr-Digest");
		assertThat(pending()).isEqualTo(before);
	}

	@Test
	void hidesTheUploadsOfOthers() {
		String path = path(create("?0", "he"));
		for (String unknown : List.of(path, "/v1/uploads/upload_x", "/v1/uploads/" + "0".repeat(30))) {
			Caller bob = server.bob();
			String message = "No such Upload object: " + unknown.substring("/v1/uploads/".length());
			Answer append = bob.send("PATCH", unknown, BodyPublishers.ofString("x"), "Content-Type", PARTIAL,
					"Upload-Offset", "2", "Upload-Complete", "?1");
			requireProblem(append, 404, "upload_not_found", "upload_id");
			assertThat(append.text("detail")).isEqualTo(message);
			Answer delete = bob.delete(unknown);
			requireProblem(delete, 404, "upload_not_found", "upload_id");
			assertThat(delete.text("detail")).isEqualTo(message);
			Answer head = bob.send("HEAD", unknown, BodyPublishers.noBody());
			assertThat(head.status()).isEqualTo(404);
			assertThat(head.header("Upload-Offset")).isEmpty();
		}
		requireHeaders(head(path), "Upload-Offset", "2");
		for (String method : List.of("HEAD", "PATCH", "DELETE")) {
			assertThat(server.with("").send(method, path, BodyPublishers.noBody()).status()).isEqualTo(401);
		}
	}

	@Test
	void keepsWhatArrivedBeforeABreak() throws Exception {
		String path = path(create("?0", ""));
		try (RawConnection connection = new RawConnection(server)) {
			connection
				.send(head("PATCH", path, "Content-Type: " + PARTIAL, "Upload-Offset: 0", "Upload-Complete: ?1",
						"Content-Length: 5"))
				.send("he")
				.endOutput();
			assertThat(connection.answer()).startsWith("HTTP/1.1 400");
		}
		requireHeaders(head(path), "Upload-Offset", "2", "Upload-Length", "5");
		assertThat(content(append(path, "2", "?1", "llo").text("id"))).isEqualTo("hello");
	}

	@Test
	void namesTheWrongOffsetOfARequestThatBreaks() throws Exception {
		String path = path(create("?0", "he"));
		try (RawConnection connection = new RawConnection(server)) {
			String answer = connection
				.send(head("PATCH", path, "Content-Type: " + PARTIAL, "Upload-Offset: 0", "Upload-Complete: ?1",
						"Content-Length: 50000"))
				.send("hello")
				.endOutput()
				.answer();
			assertThat(answer).startsWith("HTTP/1.1 409")
				.containsOnlyOnce("\nUpload-Offset: 2\n")
				.contains("\"code\":\"mismatching_upload_offset\"");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "Accept: */*", "Repr-Digest: sha-256=:LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=:" })
	void keepsABrokenCreationOnlyForAClientThatKnowsWhereItIs(String header) throws Exception {
		long before = pending();
		try (RawConnection connection = new RawConnection(server)) {
			connection.send(head("POST", FILES, "Upload-Complete: ?1", "Content-Length: 5", header))
				.send("he")
				.endOutput();
			assertThat(connection.answer()).startsWith("HTTP/1.1 400");
		}
		assertThat(pending()).isEqualTo(before);
		try (RawConnection connection = new RawConnection(server)) {
			String interim = connection
				.send(head("POST", FILES, "Upload-Complete: ?1", "Content-Length: 5", "Upload-Draft-Interop-Version: 8",
						header))
				.answer();
			assertThat(interim).startsWith("HTTP/1.1 104");
			String path = interim.lines()
				.filter((line) -> line.startsWith("Location: "))
				.findFirst()
				.orElseThrow()
				.substring("Location: ".length());
			connection.send("he").vanish();
			await().until(() -> head(path).header("Upload-Offset").orElseThrow().equals("2"));
			assertThat(content(append(path, "2", "?1", "llo").text("id"))).isEqualTo("hello");
		}
	}

	@Test
	void letsANewRequestEndAnOlderOne() throws Exception {
		String path = path(create("?0", ""));
		try (RawConnection older = new RawConnection(server)) {
			older.send(head("PATCH", path, "Content-Type: " + PARTIAL, "Upload-Offset: 0", "Upload-Complete: ?1",
					"Content-Length: 5", "Expect: 100-continue"));
			assertThat(older.answer()).startsWith("HTTP/1.1 100");
			older.send("he");
			await().until(() -> !head(path).header("Upload-Offset").orElseThrow().equals("0"));
			assertThat(older.answer()).startsWith("HTTP/1.1 409").contains("\"code\":\"upload_taken_over\"");
		}
		assertThat(append(path, "2", "?1", "llo").status()).isEqualTo(200);
	}

	@Test
	void createsOneUploadForAnIdempotencyKey() {
		Answer first = create("?0", "he", "Idempotency-Key", "\"ietf-1\"");
		Answer again = create("?0", "he", "Idempotency-Key", "ietf-1");
		assertThat(again.status()).isEqualTo(201);
		requireHeaders(again, "Location", path(first), "Upload-Offset", "2", "Upload-Complete", "?0",
				"Idempotency-Replayed", "true");
		Answer last = append(path(first), "2", "?1", "llo");
		Answer after = create("?0", "he", "Idempotency-Key", "ietf-1");
		assertThat(after.status()).isEqualTo(200);
		assertThat(after.body()).isEqualTo(last.body());
		requireHeaders(after, "Upload-Complete", "?1", "Idempotency-Replayed", "true");
		Answer whole = create("?1", "hello", "Idempotency-Key", "ietf-2");
		assertThat(create("?1", "hello", "Idempotency-Key", "ietf-2").body()).isEqualTo(whole.body());
		requireProblem(create("?1", "hello!", "Idempotency-Key", "ietf-2"), 422, "idempotency_key_reused",
				"Idempotency-Key");
	}

	@Test
	void servesCurl(@TempDir Path here) throws Exception {
		Files.writeString(here.resolve("first"), "hello ");
		Files.writeString(here.resolve("second"), "world");
		String created = curl(here, "-i", "--data-binary", "@first", "-H", "Upload-Complete: ?0", "-H",
				"Content-Type: text/plain", "-H", "Upload-Draft-Interop-Version: 8", "-H", "Expect: 100-continue", "-H",
				"Content-Disposition: attachment; filename=\"greeting.txt\"", server.url(FILES).toString());
		assertThat(created).startsWith("HTTP/1.1 1").contains("HTTP/1.1 104", "HTTP/1.1 201", "Upload-Complete: ?0");
		String path = created.lines()
			.filter((line) -> line.startsWith("Location: "))
			.reduce((first, second) -> second)
			.orElseThrow()
			.substring("Location: ".length());
		String url = server.url(path).toString();
		assertThat(curl(here, "-I", url)).startsWith("HTTP/1.1 204").contains("Upload-Offset: 6");
		String last = curl(here, "-X", "PATCH", "--data-binary", "@second", "-H", "Content-Type: " + PARTIAL, "-H",
				"Upload-Offset: 6", "-H", "Upload-Complete: ?1", url);
		assertThat(last).contains("\"filename\":\"greeting.txt\"", "\"bytes\":11");
		String id = path.replace("/v1/uploads/upload_", "file-");
		assertThat(curl(here, server.url("/v1/files/" + id + "/content").toString())).isEqualTo("hello world");
	}

	private static String curl(Path here, String... arguments) {
		return Command
			.run(here, Map.of(),
					Stream
						.concat(Stream.of("curl", "-s", "-S", "-H", "Authorization: Bearer " + StowageServer.ALICE),
								Stream.of(arguments))
						.toArray(String[]::new))
			.replace("\r\n", "\n");
	}

	private static String head(String method, String path, String... headers) {
		return method + " " + path + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + StowageServer.ALICE
				+ "\r\n" + String.join("\r\n", headers) + "\r\n\r\n";
	}

	private static long pending() {
		return JdbcClient.create(server.database())
			.sql("SELECT count(*) FROM file WHERE status = 'PENDING'")
			.query(Long.class)
			.single();
	}

	private static Answer create(String complete, String body, String... headers) {
		return send("POST", FILES, body,
				Stream.concat(Stream.of("Upload-Complete", complete), Stream.of(headers)).toArray(String[]::new));
	}

	private static Answer append(String path, String offset, String complete, String body, String... headers) {
		return send("PATCH", path, body,
				Stream
					.concat(Stream.of("Content-Type", PARTIAL, "Upload-Offset", offset, "Upload-Complete", complete),
							Stream.of(headers))
					.toArray(String[]::new));
	}

	private static Answer head(String path) {
		return send("HEAD", path, "");
	}

	private static Answer send(String method, String path, String body, String... headers) {
		return send(method, path, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body), headers);
	}

	private static Answer send(String method, String path, BodyPublisher body, String... headers) {
		return server.alice().send(method, path, body, headers);
	}

	private static BodyPublisher chunked(String text) {
		return BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
	}

	private static String path(Answer created) {
		assertThat(created.status()).as(created.toString()).isEqualTo(201);
		return created.header("Location").orElseThrow();
	}

	private static String content(String file) {
		return server.alice().get("/v1/files/" + file + "/content").body();
	}

	private static String digest(String text) {
		return digest("sha-256", text);
	}

	private static String digest(String algorithm, String text) {
		try {
			byte[] digest = MessageDigest.getInstance(algorithm).digest(text.getBytes(StandardCharsets.UTF_8));
			return algorithm + "=:" + Base64.getEncoder().encodeToString(digest) + ":";
		}
		catch (NoSuchAlgorithmException ex) {
			throw new AssertionError(ex);
		}
	}

	private static void requireHeaders(Answer answer, String... headers) {
		for (int i = 0; i < headers.length; i += 2) {
			assertThat(answer.header(headers[i])).as(headers[i] + " of " + answer).contains(headers[i + 1]);
		}
	}

	private static void requireProblem(Answer answer, int status, String code, @Nullable String param) {
		assertThat(answer.status()).as(answer.toString()).isEqualTo(status);
		requireHeaders(answer, "Content-Type", "application/problem+json");
		assertThat(answer.text("code")).isEqualTo(code);
		assertThat(answer.json().at("/error/param").asString(null)).isEqualTo(param);
		assertThat(answer.json().at("/error/message").asString()).isEqualTo(answer.text("detail"));
	}

}
