package dev.stowage.api.uploads;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import dev.stowage.support.Answer;
import dev.stowage.support.Backing;
import dev.stowage.support.Form;
import dev.stowage.support.OnEachBacking;
import dev.stowage.support.RawConnection;
import dev.stowage.support.StowageServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/** OpenAI's Uploads API over HTTP: the shapes of its objects, and every refusal. */
class UploadsApiTests extends OnEachBacking {

	private static final String HELLO = """
			{"purpose": "user_data", "filename": "hello.csv", "bytes": 5, "mime_type": "text/csv",
				"expires_after": {"anchor": "created_at", "seconds": 7200}}""";

	@TempDir
	static Path folder;

	private static StowageServer server;

	@BeforeParameterizedClassInvocation
	static void start(Backing backing) {
		server = StowageServer.start(backing, folder, "stowage.uploads.max-size=1GB");
	}

	@AfterParameterizedClassInvocation
	static void stop() {
		server.close();
	}

	@Test
	void takesAnUploadFromItsCreationToItsFile() {
		Answer created = server.alice().post("/v1/uploads", HELLO);
		assertThat(created.status()).isEqualTo(200);
		String id = created.text("id");
		long createdAt = created.json().path("created_at").asLong();
		assertThat(created.body()).isEqualTo("""
				{"id":"%s","object":"upload","bytes":5,"created_at":%d,"filename":"hello.csv","purpose":"user_data",\
				"status":"pending","expires_at":%d}""".formatted(id, createdAt, createdAt + 3600));
		String path = "/v1/uploads/" + id;
		Answer lo = part(path, "lo");
		assertThat(lo.status()).isEqualTo(200);
		assertThat(lo.body()).isEqualTo("""
				{"id":"%s","object":"upload.part","bytes":2,"created_at":%s,"upload_id":"%s"}"""
			.formatted(lo.text("id"), lo.text("created_at"), id));
		Answer hel = part(path, "hel");
		Answer parts = server.alice().get(path + "/parts");
		assertThat(parts.ids()).containsExactly(lo.text("id"), hel.text("id"));
		assertThat(parts.json().path("has_more").asBoolean()).isFalse();
		Answer first = server.alice().get(path + "/parts?limit=1");
		assertThat(first.ids()).containsExactly(lo.text("id"));
		assertThat(first.json().path("has_more").asBoolean()).isTrue();
		assertThat(server.alice().get(path + "/parts?after=" + first.text("last_id")).ids())
			.containsExactly(hel.text("id"));
		String list = "{\"part_ids\": [\"%s\", \"%s\"]}".formatted(hel.text("id"), lo.text("id"));
		Answer completed = server.alice().post(path + "/complete", list);
		assertThat(completed.status()).isEqualTo(200);
		assertThat(completed.text("status")).isEqualTo("completed");
		String file = id.replace("upload_", "file-");
		long expiresAt = completed.json().at("/file/expires_at").asLong();
		assertThat(expiresAt).isBetween(createdAt + 7200, createdAt + 7260);
		assertThat(completed.json().path("file").toString()).isEqualTo(
				"""
						{"id":"%s","object":"file","bytes":5,"created_at":%d,"created":%d,"expires_at":%d,"filename":"hello.csv",\
						"purpose":"user_data","status":"processed","status_details":null}"""
					.formatted(file, createdAt, createdAt, expiresAt));
		assertThat(server.alice().get(path).body()).isEqualTo(completed.body());
		assertThat(server.alice().post(path + "/complete", list).body()).isEqualTo(completed.body());
		Answer content = server.alice().get("/v1/files/" + file + "/content", "Accept", "text/csv");
		assertThat(content.body()).isEqualTo("hello");
		assertThat(content.header("Content-Type")).contains("text/csv");
		assertThat(server.alice().get("/v1/files").ids()).contains(file);
	}

	@Test
	void answersHeadWhereItAnswersGet() {
		Answer head = server.alice().send("HEAD", created(), BodyPublishers.noBody());
		assertThat(head.status()).isEqualTo(200);
		assertThat(head.header("Content-Type")).contains("application/json");
		assertThat(server.bob().send("HEAD", created(), BodyPublishers.noBody()).status()).isEqualTo(404);
	}

	@Test
	void readsTheCompletionThatTheDocumentedCurlSends() {
		String path = created();
		String list = "{\"part_ids\": [\"" + part(path, "hello").text("id") + "\"]}";
		Answer completed = server.alice()
			.send("POST", path + "/complete", BodyPublishers.ofString(list), "Content-Type",
					"application/x-www-form-urlencoded");
		assertThat(completed.text("status")).isEqualTo("completed");
	}

	@Test
	void cancelsWithoutABodyOfAnyType() {
		String path = created();
		Answer cancelled = server.alice().post(path + "/cancel");
		assertThat(cancelled.text("status")).isEqualTo("cancelled");
		assertThat(cancelled.json().has("file")).isFalse();
		assertThat(server.alice().post(path + "/cancel", "{}").body()).isEqualTo(cancelled.body());
		assertThat(server.alice().get(path).body()).isEqualTo(cancelled.body());
		Answer late = part(path, "hello");
		assertThat(late.status()).isEqualTo(400);
		assertThat(late.text("code")).isEqualTo("upload_not_pending");
		assertThat(late.text("detail")).isEqualTo(
				"The upload " + path.substring(path.lastIndexOf('/') + 1) + " is cancelled. Create a new upload.");
	}

	@ParameterizedTest
	@FieldSource("badCreations")
	void refusesToCreate(String json, int status, String code, String param, String message) {
		requireRefused(server.alice().post("/v1/uploads", json), status, code, param, message);
	}

	static final List<Arguments> badCreations = List.of(
			arguments("[]", 400, "validation_error", null,
					"The body must be a JSON object such as {\"purpose\": \"user_data\", \"filename\": \"data.csv\","
							+ " \"bytes\": 1024, \"mime_type\": \"text/csv\"}."),
			arguments(without("filename"), 400, "validation_error", "filename", "'filename' is a required property"),
			arguments(without("purpose"), 400, "validation_error", "purpose", "'purpose' is a required property"),
			arguments(without("bytes"), 400, "validation_error", "bytes", "'bytes' is a required property"),
			arguments(without("mime_type"), 400, "validation_error", "mime_type", "'mime_type' is a required property"),
			arguments(with("filename", "1"), 400, "validation_error", "filename", "'filename' must be a string"),
			arguments(with("purpose", "\"context\""), 400, "validation_error", "purpose",
					"'context' is not one of ['fine-tune', 'assistants', 'batch', 'user_data', 'vision', 'evals']"
							+ " - 'purpose'"),
			arguments(with("bytes", "0"), 400, "validation_error", "bytes", "'bytes' must be from 1 to 1073741824."),
			arguments(with("bytes", "1073741825"), 400, "validation_error", "bytes",
					"'bytes' must be from 1 to 1073741824."),
			arguments(with("bytes", "\"5\""), 400, "validation_error", "bytes", "'bytes' must be a whole number"),
			arguments(with("bytes", "1e30"), 400, "validation_error", "bytes", "'bytes' must be a whole number"),
			arguments(with("bytes", "99999999999999999999"), 400, "validation_error", "bytes",
					"'bytes' must be a whole number"),
			arguments(with("expires_after", "{\"anchor\": \"created_at\", \"seconds\": 5}"), 400, "validation_error",
					"expires_after[seconds]", "'expires_after[seconds]' must be a whole number from 3600 to 2592000."),
			arguments(with("expires_after", "7"), 400, "validation_error", "expires_after[seconds]",
					"'expires_after[seconds]' must be a whole number from 3600 to 2592000."),
			arguments(with("expires_after", "\"7200\""), 400, "validation_error", "expires_after[anchor]",
					"'expires_after[anchor]' must be 'created_at'."),
			arguments("{\"purpose\": \"batch\", \"filename\": \"a.csv\", \"bytes\": 5, \"mime_type\": \"text/csv\"}",
					400, "validation_error", "file", "Invalid file format for Batch API. Must be .jsonl"),
			arguments("{\"purpose\": \"batch\", \"filename\": \"a.jsonl\", \"bytes\": 209715201,"
					+ " \"mime_type\": \"text/plain\"}", 400, "file_too_large", "file", "File is too large."),
			arguments("{\"x\": \"" + "x".repeat(70_000) + "\"}", 413, "validation_error", null,
					"The JSON body may have at most 65536 bytes. It only describes the upload; the bytes go to its parts."));

	private static String with(String member, String json) {
		return "{\"" + member + "\": " + json + Stream
			.of("\"purpose\": \"user_data\"", "\"filename\": \"a\"", "\"bytes\": 5", "\"mime_type\": \"text/csv\"")
			.filter((other) -> !other.startsWith("\"" + member + "\""))
			.reduce("", (all, next) -> all + ", " + next) + "}";
	}

	private static String without(String member) {
		return with(member, "null");
	}

	@ParameterizedTest
	@FieldSource("badParts")
	void refusesAPart(Form form, int status, String code, String param, String message) {
		String path = created();
		requireRefused(server.alice().form(path + "/parts", form), status, code, param, message);
		assertThat(server.alice().get(path + "/parts").ids()).isEmpty();
		assertThat(server.alice().get(path).text("status")).isEqualTo("pending");
	}

	static final List<Arguments> badParts = List.of(
			arguments(new Form(), 400, "validation_error", "data", "'data' is a required property"),
			arguments(new Form().field("file", "x"), 400, "validation_error", "data", "'data' is a required property"),
			arguments(data(""), 400, "validation_error", "data", "The part is empty. Send at least one byte."),
			arguments(data("x").part("form-data; name=\"data\"", new byte[1]), 400, "validation_error", "data",
					"'data' is given twice. Send one part per request."));

	private static Form data(String text) {
		return new Form().part("form-data; name=\"data\"; filename=\"blob\"", text.getBytes(StandardCharsets.UTF_8));
	}

	@ParameterizedTest
	@FieldSource("badCompletions")
	void refusesToComplete(String json, int status, String param, String message) {
		String path = created();
		String two = part(path, "he").text("id");
		String three = part(path, "llo").text("id");
		String body = json.replace("TWO", two).replace("THREE", three);
		requireRefused(server.alice().post(path + "/complete", body), status, "validation_error", param, message);
		assertThat(server.alice().get(path).text("status")).isEqualTo("pending");
		assertThat(server.alice()
			.post(path + "/complete", "{\"part_ids\": [\"" + two + "\", \"" + three + "\"]}")
			.status()).isEqualTo(200);
	}

	static final List<Arguments> badCompletions = List.of(
			arguments("", 400, null, "The body must be a JSON object such as {\"part_ids\": [\"part_...\"]}."),
			arguments("{}", 400, "part_ids", "'part_ids' is a required property"),
			arguments("{\"part_ids\": \"TWO\"}", 400, "part_ids", "'part_ids' must be an array of strings"),
			arguments("{\"part_ids\": [\"TWO\", 3]}", 400, "part_ids", "'part_ids' must be an array of strings"),
			arguments("{\"part_ids\": []}", 400, "part_ids", "'part_ids' must name at least one part."),
			arguments("{\"part_ids\": [\"TWO\"]}", 400, "part_ids",
					"The parts have 2 bytes together, but the upload was created for 5. Name other parts, or create a new"
							+ " upload."),
			arguments("{\"part_ids\": [\"TWO\", \"TWO\"]}", 400, "part_ids",
					"Entry 2 of 'part_ids' is no part of this upload, or is given twice."),
			arguments("{\"part_ids\": [\"part_none\", \"TWO\"]}", 400, "part_ids",
					"Entry 1 of 'part_ids' is no part of this upload, or is given twice."),
			arguments("{\"part_ids\": [\"TWO\", \"THREE\"], \"md5\": \"xyz\"}", 400, "md5",
					"'md5' must be 32 hexadecimal digits."),
			arguments("{\"part_ids\": [\"TWO\", \"THREE\"], \"md5\": \"00000000000000000000000000000000\"}", 400, "md5",
					"The parts have the MD5 5d41402abc4b2a76b9719d911017c592, not 00000000000000000000000000000000."));

	@Test
	void refusesABodyThatIsLargerThanAPartBeforeItIsSent() throws IOException {
		try (RawConnection connection = new RawConnection(server)) {
			String answer = connection
				.send("POST " + created() + "/parts HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
						+ StowageServer.ALICE + "\r\nContent-Type: " + Form.CONTENT_TYPE
						+ "\r\nExpect: 100-continue\r\nContent-Length: 80000000\r\n\r\n")
				.answer();
			assertThat(answer).startsWith("HTTP/1.1 413")
				.contains("\"code\":\"file_too_large\"", "The part is too large. The limit is 67108864 bytes.");
		}
	}

	@Test
	void keepsNothingOfAPartThatDiffersFromItsDigest() {
		String path = created();
		for (String digest : List.of("Content-MD5: " + "A".repeat(22) + "==",
				"Content-Digest: sha-256=:" + "A".repeat(43) + "=:")) {
			byte[] form = ("--" + Form.BOUNDARY + "\r\nContent-Disposition: form-data; name=\"data\"\r\n" + digest
					+ "\r\n\r\nhello\r\n--" + Form.BOUNDARY + "--\r\n")
				.getBytes(StandardCharsets.UTF_8);
			Answer refused = server.alice()
				.send("POST", path + "/parts", BodyPublishers.ofByteArray(form), "Content-Type", Form.CONTENT_TYPE);
			assertThat(refused.status()).isEqualTo(400);
			assertThat(refused.text("code")).isEqualTo("digest_mismatch");
		}
		Answer refused = server.alice()
			.send("POST", path + "/parts", BodyPublishers.ofByteArray(data("hello").bytes()), "Content-Type",
					Form.CONTENT_TYPE, "Content-MD5", "A".repeat(22) + "==");
		assertThat(refused.text("code")).isEqualTo("digest_mismatch");
		assertThat(server.alice().get(path + "/parts").ids()).isEmpty();
	}

	@Test
	void createsOneUploadForAnIdempotencyKey() {
		Answer first = repeated(HELLO);
		assertThat(first.header("Idempotency-Replayed")).isEmpty();
		Answer again = repeated(HELLO);
		assertThat(again.body()).isEqualTo(first.body());
		assertThat(again.header("Idempotency-Replayed")).contains("true");
		Answer other = repeated(HELLO.replace("hello.csv", "other.csv"));
		assertThat(other.status()).isEqualTo(422);
		assertThat(other.text("code")).isEqualTo("idempotency_key_reused");
		String path = "/v1/uploads/" + first.text("id");
		String list = "{\"part_ids\": [\"" + part(path, "hello").text("id") + "\"]}";
		Answer completed = server.alice().post(path + "/complete", list);
		assertThat(repeated(HELLO).body()).isEqualTo(completed.body());
		assertThat(server.bob()
			.send("POST", "/v1/uploads", BodyPublishers.ofString(HELLO), "Content-Type", "application/json",
					"Idempotency-Key", "upload-1")
			.text("id")).isNotEqualTo(first.text("id"));
	}

	@Test
	void freesTheKeyOfAnUploadThatWasCancelled() {
		Answer first = repeated(HELLO, "upload-2");
		server.alice().post("/v1/uploads/" + first.text("id") + "/cancel");
		Answer second = repeated(HELLO, "upload-2");
		assertThat(second.text("status")).isEqualTo("pending");
		assertThat(second.text("id")).isNotEqualTo(first.text("id"));
		assertThat(server.alice().grant("{\"filename\": \"a.json\"}", "upload-2").status()).isEqualTo(422);
	}

	private static Answer repeated(String json) {
		return repeated(json, "upload-1");
	}

	private static Answer repeated(String json, String key) {
		return server.alice()
			.send("POST", "/v1/uploads", BodyPublishers.ofString(json), "Content-Type", "application/json",
					"Idempotency-Key", key);
	}

	@Test
	void answersForUnknownUploadsWithOneBody() {
		for (String id : List.of("upload_" + "0".repeat(30), "upload_x", "file-" + "0".repeat(30), "a%22b")) {
			String shown = id.replace("%22", "\"");
			for (Answer answer : List.of(server.alice().get("/v1/uploads/" + id),
					server.alice().get("/v1/uploads/" + id + "/parts"), part("/v1/uploads/" + id, "x"),
					server.alice().post("/v1/uploads/" + id + "/complete", "{\"part_ids\": [\"a\"]}"),
					server.alice().post("/v1/uploads/" + id + "/cancel"))) {
				requireRefused(answer, 404, "upload_not_found", "upload_id", "No such Upload object: " + shown);
			}
		}
		String path = created();
		requireRefused(server.bob().get(path), 404, "upload_not_found", "upload_id",
				"No such Upload object: " + path.substring(path.lastIndexOf('/') + 1));
	}

	@Test
	void needsAKey() {
		for (String path : List.of("/v1/uploads", "/v1/uploads/upload_x/complete", "/v1/uploads/upload_x/cancel")) {
			assertThat(server.with("").post(path, "{}").status()).isEqualTo(401);
		}
	}

	private static void requireRefused(Answer answer, int status, String code, String param, String message) {
		assertThat(answer.status()).as(answer.toString()).isEqualTo(status);
		assertThat(answer.header("Content-Type")).contains("application/problem+json");
		assertThat(answer.text("code")).isEqualTo(code);
		assertThat(answer.text("detail")).isEqualTo(message);
		assertThat(answer.json().at("/error/message").asString()).isEqualTo(message);
		assertThat(answer.json().at("/error/param").asString(null)).isEqualTo(param);
		assertThat(answer.json().at("/error/type").asString()).isEqualTo("invalid_request_error");
	}

	private static String created() {
		return "/v1/uploads/" + server.alice().post("/v1/uploads", HELLO).text("id");
	}

	private static Answer part(String path, String text) {
		return server.alice().form(path + "/parts", data(text));
	}

}
