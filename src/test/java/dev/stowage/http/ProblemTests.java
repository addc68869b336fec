package dev.stowage.http;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.stream.Stream;

import dev.stowage.support.Answer;
import dev.stowage.support.Caller;
import dev.stowage.support.Form;
import dev.stowage.support.RawConnection;
import dev.stowage.support.StowageServer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/** Every refusal, with the common problem body. */
@ExtendWith(OutputCaptureExtension.class)
class ProblemTests {

	private static final String NOT_ALLOWED = "The request's path, query, method or headers are not allowed.";

	private static final String BINARY = "application/octet-stream";

	@TempDir
	static Path folder;

	private static StowageServer server;

	private static Caller alice;

	@BeforeAll
	static void start() {
		server = StowageServer.start(folder, "stowage.max-file-size=1MB");
		alice = server.alice();
	}

	@AfterAll
	static void stop() {
		server.close();
	}

	@ParameterizedTest
	@MethodSource("refusals")
	void refusesInTheOneBody(Refusal refusal) {
		Answer answer = refusal.request().send();
		assertThat(answer.status()).isEqualTo(refusal.status());
		String requestId = answer.header("x-request-id").orElseThrow();
		assertThat(requestId).matches("req_[0-9a-f]{32}");
		assertThat(answer.header("Content-Type")).contains("application/problem+json");
		String param = (refusal.param() != null) ? '"' + refusal.param() + '"' : "null";
		String message = refusal.message().replace("\\", "\\\\").replace("\"", "\\\"");
		assertThat(answer.body()).isEqualTo("""
				{"type":"about:blank","title":"%s","status":%d,"detail":"%s","code":"%s",\
				"error":{"message":"%s","type":"invalid_request_error","param":%s,"code":null},\
				"request_id":"%s"}""".formatted(title(refusal.status()), refusal.status(), message, refusal.code(),
				message, param, requestId));
	}

	private static String title(int status) {
		return switch (status) {
			case 400 -> "Bad Request";
			case 404 -> "Not Found";
			case 405 -> "Method Not Allowed";
			case 413 -> "Content Too Large";
			case 415 -> "Unsupported Media Type";
			default -> throw new IllegalArgumentException(String.valueOf(status));
		};
	}

	static Stream<Refusal> refusals() {
		return Stream.of(ofJson(), ofForms(), ofLimits(), ofPaths()).flatMap((refusals) -> refusals);
	}

	private static Stream<Refusal> ofJson() {
		String body = "The body must be a JSON object such as {\"filename\": \"data.json\"}.";
		return Stream.of(invalid("filename", "'filename' is a required property", json("{}")),
				invalid("filename", "'filename' is a required property", json("{\"filename\": null}")),
				invalid("filename", "'filename' must be a string", json("{\"filename\": 7}")),
				invalid("filename", "'filename' must end in .json", json("{\"filename\": \"\"}")),
				invalid("filename", "'filename' must end in .json", json("{\"filename\": \"a.txt\"}")),
				invalid("filename", "'filename' must end in .json", json("{\"filename\": \"a.JSON\"}")),
				invalid("filename", "'filename' must have at most 255 characters",
						json("{\"filename\": \"" + "n".repeat(251) + ".json\"}")),
				invalid("purpose", "'vision' is not one of ['context', 'batch'] - 'purpose'",
						json("{\"filename\": \"a.json\", \"purpose\": \"vision\"}")),
				invalid("purpose", "'purpose' must be a string", json("{\"filename\": \"a.json\", \"purpose\": []}")),
				invalid(null, body, json("")), invalid(null, body, json("[]")), invalid(null, body, json("{\"a\"")),
				invalid(null, body, json("{} {}")),
				new Refusal(413, "validation_error", null,
						"The JSON body may have at most 65536 bytes. It only describes the file; the bytes go to upload_url.",
						json("{\"filename\": \"" + "n".repeat(65536) + "\"}")));
	}

	private static Stream<Refusal> ofForms() {
		String purposes = "['fine-tune', 'assistants', 'batch', 'user_data', 'vision', 'evals'] - 'purpose'";
		String seconds = "'expires_after[seconds]' must be a whole number from 3600 to 2592000.";
		return Stream.of(invalid("file", "'file' is a required property", form(new Form().field("purpose", "batch"))),
				invalid("file", "'file' is a required property", form(new Form())),
				invalid("purpose", "'purpose' is a required property", form(new Form().file("a", "x"))),
				invalid("purpose", "'nonsense' is not one of " + purposes,
						form(new Form().field("purpose", "nonsense").file("a", "x"))),
				invalid("purpose", "'context' is not one of " + purposes,
						form(new Form().file("a", "x").field("purpose", "context"))),
				invalid("purpose", "'' is not one of " + purposes,
						form(new Form().field("purpose", "").file("a", "x"))),
				invalid("purpose", "'purpose' is given twice.",
						form(new Form().field("purpose", "batch").field("purpose", "batch").file("a", "x"))),
				invalid("file", "'file' is given twice. Upload one file per request.",
						form(valid().file("a", "x").file("b", "x"))),
				invalid("file", "The file is empty. Upload at least one byte.", form(valid().file("a", ""))),
				invalid("file", "Invalid file format for Batch API. Must be .jsonl",
						form(new Form().field("purpose", "batch").file("a.txt", "x"))),
				invalid("file", "Invalid file format for Batch API. Must be .jsonl",
						form(new Form().file("a.json", "x").field("purpose", "batch"))),
				invalid("file", "Invalid file format for Fine-Tuning API. Must be .jsonl",
						form(new Form().field("purpose", "fine-tune").file("a.csv", "x"))),
				invalid("expires_after[seconds]", seconds, form(expiring("created_at", "3599"))),
				invalid("expires_after[seconds]", seconds, form(expiring("created_at", "2592001"))),
				invalid("expires_after[seconds]", seconds, form(expiring("created_at", "1e4"))),
				invalid("expires_after[seconds]", seconds, form(expiring("created_at", "+3600"))),
				invalid("expires_after[seconds]", seconds, form(expiring("created_at", "３６００"))),
				invalid("expires_after",
						"'expires_after' must be a JSON object such as {\"anchor\": \"created_at\", \"seconds\": 3600}.",
						form(valid()
							.field("expires_after", "{\"anchor\":\"created_at\",\"seconds\":3600,\"seconds\":7200}")
							.file("a", "x"))),
				invalid("purpose", "'" + "p".repeat(64) + "…' is not one of " + purposes,
						form(new Form().field("purpose", "p".repeat(65)).file("a", "x"))),
				invalid("expires_after[seconds]", seconds,
						form(valid().field("expires_after[anchor]", "created_at").file("a", "x"))),
				invalid("expires_after[anchor]", "'expires_after[anchor]' must be 'created_at'.",
						form(expiring("now", "3600"))),
				invalid("expires_after[anchor]", "'expires_after[anchor]' must be 'created_at'.",
						form(valid().field("expires_after[seconds]", "3600").file("a", "x"))),
				invalid("expires_after", "'expires_after[anchor]' sets the expiry a second time.",
						form(expiring("created_at", "3600").field("expires_after[anchor]", "created_at"))),
				invalid("expires_after", "'expires_after' sets the expiry a second time.",
						form(expiring("created_at", "3600").field("expires_after", "{}"))),
				invalid("expires_after",
						"The expiry cannot be read. Send 'expires_after[anchor]' and 'expires_after[seconds]', "
								+ "or 'expires_after' with a JSON object of anchor and seconds.",
						form(valid().field("expires_after.seconds", "3600").file("a", "x"))),
				invalid("expires_after",
						"'expires_after' must be a JSON object such as {\"anchor\": \"created_at\", \"seconds\": 3600}.",
						form(valid().field("expires_after", "created_at").file("a", "x"))),
				invalid(null,
						"The multipart body ended before its closing boundary. "
								+ "It must end with CRLF, '--', the boundary of its Content-Type, and '--'.",
						() -> alice.upload(valid().file("a", "x").unfinished())));
	}

	private static Stream<Refusal> ofLimits() {
		Form manyParts = valid().file("a", "x");
		for (int i = 0; i < 63; i++) {
			manyParts.field("field" + i, "x");
		}
		return Stream.of(
				new Refusal(413, "file_too_large", "file", "File is too large. The limit is 1048576 bytes.",
						form(valid().file("a", new byte[1024 * 1024 + 1]))),
				invalid(null, "The multipart body has more than 64 parts, which is the limit.", form(manyParts)),
				invalid(null, "The field 'ignored' is larger than 65536 bytes, which is the limit for a form field.",
						form(valid().field("ignored", "x".repeat(65537)).file("a", "x"))),
				invalid(null,
						"The Content-Type header names no valid boundary. Send 'multipart/form-data; boundary=...' "
								+ "with the boundary that the body uses: 1 to 70 of the characters that RFC 2046 allows.",
						() -> alice.send("POST", "/v1/files", BodyPublishers.ofString("x"), "Content-Type",
								"multipart/form-data")));
	}

	private static Stream<Refusal> ofPaths() {
		String missing = "/v1/files/file-000000000000000000000000";
		String noFile = "No such File object: file-000000000000000000000000";
		String types = "Send the body as multipart/form-data, or as application/json to get an upload URL.";
		return Stream.of(new Refusal(404, "file_not_found", "id", noFile, () -> alice.get(missing)),
				new Refusal(404, "file_not_found", "id", noFile, () -> alice.get(missing + "/content")),
				new Refusal(404, "file_not_found", "id", noFile, () -> alice.delete(missing)),
				new Refusal(404, "file_not_found", "id", noFile, () -> alice.post(missing + "/complete")),
				new Refusal(404, "file_not_found", "id", "No such File object: a\"b<é>",
						() -> alice.get("/v1/files/a%22b%3C%C3%A9%3E")),
				new Refusal(404, "not_found", null,
						"Unknown request URL: GET /v1/nothing. Please check the URL for typos.",
						() -> alice.get("/v1/nothing")),
				new Refusal(404, "not_found", null,
						"Unknown request URL: GET /actuator/env. Please check the URL for typos.",
						() -> alice.get("/actuator/env")),
				new Refusal(404, "not_found", null, "Unknown request URL: GET /error. Please check the URL for typos.",
						() -> alice.get("/error")),
				new Refusal(405, "method_not_allowed", null, "Method not allowed: PUT /v1/files.",
						() -> alice.send("PUT", "/v1/files", BodyPublishers.ofString("x"))),
				new Refusal(405, "method_not_allowed", null, "Method not allowed: POST " + missing + ".",
						() -> alice.post(missing)),
				new Refusal(415, "unsupported_media_type", null, types,
						() -> alice.send("POST", "/v1/files", BodyPublishers.ofString("x"), "Content-Type", BINARY)),
				new Refusal(415, "unsupported_media_type", null, types,
						() -> alice.send("POST", "/v1/files", BodyPublishers.ofString("x"))),
				invalid("limit", "'limit' must be a whole number from 1 to 10000.",
						() -> alice.get("/v1/files?limit=%2B5")),
				invalid("limit", "'limit' must be a whole number from 1 to 10000.",
						() -> alice.get("/v1/files?limit=007")));
	}

	@ParameterizedTest
	@ValueSource(strings = { "/v1/files?after=%ff", "/v1/files?foo=%zz", "/v1/files?a=%", "/v1/files?after=x%0AFAKE%ff",
			"/v1/files/x/content?expires_in=%zz" })
	void refusesAQueryThatCannotBeDecodedAndDoesNotLogIt(String path, CapturedOutput output) throws IOException {
		int before = output.length();
		try (RawConnection connection = new RawConnection(server)) {
			String answer = connection
				.send("GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer "
						+ StowageServer.ALICE + "\r\n\r\n")
				.rest();
			assertThat(answer).startsWith("HTTP/1.1 400").contains(NOT_ALLOWED);
		}
		assertThat(output.toString().substring(before)).doesNotContain("FAKE").doesNotContain("ERROR");
	}

	@Test
	void ignoresMembersOfJsonThatItDoesNotKnowWhateverTheyHold() {
		for (String unknown : new String[] { "9".repeat(5_000), "[".repeat(2_000) + "]".repeat(2_000) }) {
			assertThat(alice.post("/v1/files", "{\"filename\": \"a.json\", \"x\": " + unknown + "}").status())
				.isEqualTo(200);
		}
	}

	@Test
	void saysWhichMethodsAreAllowed() {
		assertThat(alice.send("PUT", "/v1/files", BodyPublishers.noBody()).header("Allow"))
			.hasValueSatisfying((allow) -> assertThat(allow.split(", ?", -1)).contains("GET", "POST"));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			GARBAGE                                                | 400 | malformed_request
			GET /v1/files HTTP/1.1                                 | 400 | invalid_host
			GET /v1/fi^les HTTP/1.1%Host: x                        | 400 | malformed_request
			GET /v1/files HTTP/1.1%Host: x%Long: LONG              | 431 | headers_too_large
			TRACE /v1/files HTTP/1.1%Host: x                       | 405 | method_not_allowed
			POST /v1/files HTTP/1.1%Host: x%Transfer-Encoding: foo | 501 | not_implemented
			""")
	void refusesInTheOneBodyWhatTomcatItselfRefuses(String request, int status, String code) throws IOException {
		String sent = request.replace("%", "\r\n").replace("LONG", "l".repeat(20_000));
		try (RawConnection connection = new RawConnection(server)) {
			String answer = connection.send(sent + "\r\nConnection: close\r\n\r\n").rest();
			assertThat(answer).startsWith("HTTP/1.1 " + status)
				.contains("x-request-id: req_")
				.contains("Content-Type: application/problem+json")
				.contains("\"status\":" + status)
				.contains("\"code\":\"" + code + "\"")
				.doesNotContain("/error");
		}
	}

	@Test
	void answersJsonWhateverAClientAccepts() {
		assertThat(alice.get("/v1/files", "Accept", "text/html").status()).isEqualTo(200);
		Answer answer = alice.get("/v1/files/none/content", "Accept", "application/binary");
		assertThat(answer.status()).isEqualTo(404);
		assertThat(answer.text("code")).isEqualTo("file_not_found");
	}

	@Test
	void readsFormsByTheBoundaryHoweverItIsWritten() {
		byte[] form = valid().file("a", "x").bytes();
		String quoted = Form.CONTENT_TYPE.replaceAll("boundary=(.*)", "charset=utf-8; boundary=\"$1\"");
		Answer answer = alice.send("POST", "/v1/files", BodyPublishers.ofByteArray(form), "Content-Type", quoted);
		assertThat(answer.status()).isEqualTo(200);
	}

	private static Form valid() {
		return new Form().field("purpose", "user_data");
	}

	private static Form expiring(String anchor, String seconds) {
		return valid().field("expires_after[anchor]", anchor)
			.field("expires_after[seconds]", seconds)
			.part("form-data; name=\"file\"", "x".getBytes(StandardCharsets.UTF_8));
	}

	private static Refusal invalid(@Nullable String param, String message, Request request) {
		return new Refusal(400, "validation_error", param, message, request);
	}

	private static Request json(String body) {
		return () -> alice.post("/v1/files", body);
	}

	private static Request form(Form form) {
		return () -> alice.upload(form);
	}

	/** A request, and how it is refused. */
	record Refusal(int status, String code, @Nullable String param, String message, Request request) {

		@Override
		public String toString() {
			return this.status + " " + this.message;
		}

	}

	/** Something to send. */
	interface Request {

		Answer send();

	}

}
