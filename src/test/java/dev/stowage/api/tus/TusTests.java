package dev.stowage.api.tus;

import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;

import dev.stowage.support.Answer;
import dev.stowage.support.Backing;
import dev.stowage.support.Caller;
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
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.jdbc.core.simple.JdbcClient;

import static dev.stowage.support.Soon.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/** The tus protocol 1.0 over HTTP, rule by rule. */
class TusTests extends OnEachBacking {

	private static final String BYTES = "application/offset+octet-stream";

	private static final String UPLOADS = "/v1/uploads";

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
	@ValueSource(strings = { UPLOADS, "/v1/files", UPLOADS + "/upload_x" })
	void saysWithoutAKeyWhatItCanDo(String path) {
		Answer answer = server.with("").send("OPTIONS", path, BodyPublishers.noBody());
		assertThat(answer.status()).isEqualTo(204);
		requireHeaders(answer, "Tus-Resumable", "1.0.0", "Tus-Version", "1.0.0", "Tus-Max-Size", "1073741824",
				"Tus-Extension", "creation,creation-with-upload,creation-defer-length,expiration,termination,checksum",
				"Tus-Checksum-Algorithm", "md5,sha1,sha256,sha512");
		assertThat(answer.bytes()).isEmpty();
	}

	@Test
	void takesAnUploadFromItsCreationToItsFile() {
		String metadata = metadata("filename", "weltgrüße.csv") + "," + metadata("filetype", "text/csv") + ","
				+ metadata("purpose", "evals") + "," + metadata("expires_after", "7200") + ",folder";
		Answer created = send("POST", UPLOADS, "", "Upload-Length", "11", "Upload-Metadata", metadata);
		assertThat(created.status()).isEqualTo(201);
		assertThat(created.bytes()).isEmpty();
		String path = created.header("Location").orElseThrow();
		assertThat(path).matches("/v1/uploads/upload_[0-9A-Za-z]{24,}");
		requireHeaders(created, "Tus-Resumable", "1.0.0", "Upload-Offset", "0");
		assertThat(expiry(created)).isBetween(now().plusSeconds(86_380), now().plusSeconds(86_401));
		Answer first = append(path, 0, "hello ");
		assertThat(first.status()).isEqualTo(204);
		requireHeaders(first, "Tus-Resumable", "1.0.0", "Upload-Offset", "6");
		assertThat(first.header("Stowage-File-Id")).isEmpty();
		assertThat(expiry(first)).isAfterOrEqualTo(expiry(created));
		Answer asked = head(path);
		assertThat(asked.status()).isEqualTo(200);
		requireHeaders(asked, "Tus-Resumable", "1.0.0", "Upload-Offset", "6", "Upload-Length", "11", "Upload-Metadata",
				metadata, "Cache-Control", "no-store");
		assertThat(asked.header("Upload-Expires")).isPresent();
		Answer last = append(path, 6, "world");
		assertThat(last.status()).isEqualTo(204);
		String file = path.replace("/v1/uploads/upload_", "file-");
		requireHeaders(last, "Upload-Offset", "11", "Stowage-File-Id", file, "Content-Location", "/v1/files/" + file);
		assertThat(last.header("Upload-Expires")).isEmpty();
		Answer shown = server.alice().get("/v1/files/" + file);
		assertThat(shown.text("filename")).isEqualTo("weltgrüße.csv");
		assertThat(shown.text("purpose")).isEqualTo("evals");
		assertThat(shown.text("status")).isEqualTo("processed");
		assertThat(shown.json().path("bytes").asLong()).isEqualTo(11);
		long life = shown.json().path("expires_at").asLong() - now().getEpochSecond();
		assertThat(life).isBetween(7_140L, 7_200L);
		Answer content = server.alice().get("/v1/files/" + file + "/content", "Accept", "text/csv");
		assertThat(content.body()).isEqualTo("hello world");
		assertThat(content.header("Content-Type")).contains("text/csv");
		assertThat(server.alice().get("/v1/files").ids()).contains(file);
	}

	@Test
	void answersAfterTheEndAsItDidThen() {
		String path = created(5);
		append(path, 0, "hello");
		String file = path.replace("/v1/uploads/upload_", "file-");
		Answer asked = head(path);
		assertThat(asked.status()).isEqualTo(200);
		requireHeaders(asked, "Upload-Offset", "5", "Upload-Length", "5", "Stowage-File-Id", file);
		Answer repeated = append(path, 5, "");
		assertThat(repeated.status()).isEqualTo(204);
		requireHeaders(repeated, "Upload-Offset", "5", "Stowage-File-Id", file);
		Answer more = append(path, 5, "x");
		requireRefused(more, 409, "mismatching_upload_offset", "Upload-Offset",
				"The upload " + id(path) + " has 5 bytes, but Upload-Offset is 5. Continue at 5.");
		Answer again = append(path, 0, "hello");
		assertThat(again.status()).isEqualTo(409);
		requireHeaders(again, "Upload-Offset", "5");
		requireRefused(send("DELETE", path, ""), 400, "upload_not_pending", "upload_id",
				"The upload " + id(path) + " is completed. Delete its file instead.");
		assertThat(server.alice().delete("/v1/files/" + file).status()).isEqualTo(200);
		assertThat(head(path).status()).isEqualTo(404);
		assertThat(append(path, 5, "").status()).isEqualTo(404);
	}

	@ParameterizedTest
	@FieldSource("badCreations")
	void refusesToCreate(List<String> headers, int status, String code, String param, String message) {
		Answer answer = send("POST", UPLOADS, "", headers.toArray(String[]::new));
		requireRefused(answer, status, code, param, message);
	}

	private static final String EITHER = "Send either 'Upload-Length', or 'Upload-Defer-Length: 1'.";

	private static final String NUMBER = "'Upload-Length' must be a whole number that is not negative.";

	private static final String PAIRS = "'Upload-Metadata' must be pairs of a key and a base64 value,"
			+ " such as 'filename ZGF0YS5jc3Y=,purpose dXNlcl9kYXRh', in which no key comes twice.";

	private static final String CHECKSUM = "'Upload-Checksum' must be one of md5,sha1,sha256,sha512, then a space, then"
			+ " the checksum of the body as base64.";

	static final List<Arguments> badCreations = List.of(
			arguments(List.of(), 400, "validation_error", "Upload-Length", EITHER),
			arguments(List.of("Upload-Length", "5", "Upload-Defer-Length", "1"), 400, "validation_error",
					"Upload-Length", EITHER),
			arguments(List.of("Upload-Defer-Length", "0"), 400, "validation_error", "Upload-Length", EITHER),
			arguments(List.of("Upload-Length", "-1"), 400, "validation_error", "Upload-Length", NUMBER),
			arguments(List.of("Upload-Length", "5 bytes"), 400, "validation_error", "Upload-Length", NUMBER),
			arguments(List.of("Upload-Length", ""), 400, "validation_error", "Upload-Length", NUMBER),
			arguments(List.of("Upload-Length", "1".repeat(30)), 400, "validation_error", "Upload-Length", NUMBER),
			arguments(List.of("Upload-Length", "0"), 400, "validation_error", "file",
					"The file is empty. Upload at least one byte."),
			arguments(List.of("Upload-Length", "1073741825"), 413, "file_too_large", "file",
					"File is too large. The limit is 1073741824 bytes."),
			arguments(sized("209715201", metadata("purpose", "batch")), 400, "file_too_large", "file",
					"File is too large."),
			arguments(sized("5", metadata("purpose", "batch") + "," + metadata("filename", "a.csv")), 400,
					"validation_error", "file", "Invalid file format for Batch API. Must be .jsonl"),
			arguments(sized("5", metadata("purpose", "fine-tune") + "," + metadata("filename", "a.csv")), 400,
					"validation_error", "file", "Invalid file format for Fine-Tuning API. Must be .jsonl"),
			arguments(sized("5", metadata("purpose", "context")), 400, "validation_error", "purpose",
					"'context' is not one of ['fine-tune', 'assistants', 'batch', 'user_data', 'vision', 'evals']"
							+ " - 'purpose'"),
			arguments(sized("5", metadata("expires_after", "3599")), 400, "validation_error", "expires_after",
					"'expires_after' must be a whole number from 3600 to 2592000."),
			arguments(sized("5", metadata("expires_after", "1h")), 400, "validation_error", "expires_after",
					"'expires_after' must be a whole number from 3600 to 2592000."),
			arguments(sized("5", "filename ***"), 400, "validation_error", "Upload-Metadata", PAIRS),
			arguments(sized("5", "filename YQ==,"), 400, "validation_error", "Upload-Metadata", PAIRS),
			arguments(sized("5", "filename YQ==,filename YQ=="), 400, "validation_error", "Upload-Metadata", PAIRS),
			arguments(sized("5", "filename YQ== YQ=="), 400, "validation_error", "Upload-Metadata", PAIRS),
			arguments(List.of("Upload-Length", "5", "Upload-Checksum", "crc32 AAAAAA=="), 400, "validation_error",
					"Upload-Checksum", CHECKSUM));

	private static List<String> sized(String length, String metadata) {
		return List.of("Upload-Length", length, "Upload-Metadata", metadata);
	}

	@Test
	void takesTheLargestFilesThatItAnnounces() {
		assertThat(send("POST", UPLOADS, "", "Upload-Length", "1073741824").status()).isEqualTo(201);
		assertThat(send("POST", UPLOADS, "", sized("209715200", metadata("purpose", "batch")).toArray(String[]::new))
			.status()).isEqualTo(201);
	}

	@Test
	void namesFilesWithoutMetadata() {
		String path = created(1);
		Answer last = append(path, 0, "x");
		Answer file = server.alice().get(last.header("Content-Location").orElseThrow());
		assertThat(file.text("filename")).isEqualTo("upload");
		assertThat(file.text("purpose")).isEqualTo("user_data");
		assertThat(file.json().path("expires_at").isNull()).isTrue();
		assertThat(head(path).header("Upload-Metadata")).isEmpty();
	}

	@Test
	void refusesOtherVersionsOfTheProtocol() {
		String path = created(5);
		List<Answer> answers = List.of(
				server.alice()
					.send("POST", UPLOADS, BodyPublishers.noBody(), "Tus-Resumable", "0.2.2", "Upload-Length", "5"),
				server.alice()
					.send("PATCH", path, BodyPublishers.ofString("x"), "Tus-Resumable", "2.0.0", "Content-Type", BYTES,
							"Upload-Offset", "0"),
				server.alice()
					.send("PATCH", path, BodyPublishers.ofString("x"), "Content-Type", BYTES, "Upload-Offset", "0"),
				server.alice().send("DELETE", path, BodyPublishers.noBody(), "Tus-Resumable", "0.2.2"));
		for (Answer answer : answers) {
			requireRefused(answer, 412, "unsupported_tus_version", "Tus-Resumable",
					"Send 'Tus-Resumable: 1.0.0', the only version of tus that this server speaks.");
			requireHeaders(answer, "Tus-Version", "1.0.0");
		}
		Answer head = server.alice().send("HEAD", path, BodyPublishers.noBody(), "Tus-Resumable", "0.2.2");
		assertThat(head.status()).isEqualTo(412);
		requireHeaders(head, "Tus-Version", "1.0.0", "Tus-Resumable", "1.0.0");
		requireHeaders(head(path), "Upload-Offset", "0");
	}

	@ParameterizedTest
	@FieldSource("badAppends")
	void refusesToAppend(List<String> headers, int status, String code, String param, String message) {
		String path = created(5);
		append(path, 0, "he");
		Answer answer = server.alice()
			.send("PATCH", path, BodyPublishers.ofString("llo"), tus(headers.toArray(String[]::new)));
		requireRefused(answer, status, code, param, message.replace("ID", id(path)));
		requireHeaders(answer, "Tus-Resumable", "1.0.0");
		requireHeaders(head(path), "Upload-Offset", "2");
		assertThat(append(path, 2, "llo").header("Stowage-File-Id")).isPresent();
	}

	private static final String TYPE = "Send the body as application/offset+octet-stream with tus 1.0, or as"
			+ " application/partial-upload.";

	static final List<Arguments> badAppends = List.of(
			arguments(List.of("Upload-Offset", "2"), 415, "unsupported_media_type", null, TYPE),
			arguments(List.of("Upload-Offset", "2", "Content-Type", "application/octet-stream"), 415,
					"unsupported_media_type", null, TYPE),
			arguments(List.of("Upload-Offset", "2", "Content-Type", "application/partial-upload"), 415,
					"unsupported_media_type", null, TYPE),
			arguments(List.of("Upload-Offset", "2", "Content-Type", BYTES, "Content-Encoding", "gzip"), 415,
					"unsupported_content_encoding", null,
					"The body has a Content-Encoding, such as gzip, which this server does not decode. Send it without"
							+ " an encoding, and without the header or as 'Content-Encoding: identity'."),
			arguments(List.of("Content-Type", BYTES), 400, "validation_error", "Upload-Offset",
					"'Upload-Offset' is a required header"),
			arguments(List.of("Content-Type", BYTES, "Upload-Offset", "two"), 400, "validation_error", "Upload-Offset",
					"'Upload-Offset' must be a whole number that is not negative."),
			arguments(List.of("Content-Type", BYTES, "Upload-Offset", "-2"), 400, "validation_error", "Upload-Offset",
					"'Upload-Offset' must be a whole number that is not negative."),
			arguments(List.of("Content-Type", BYTES, "Upload-Offset", "0"), 409, "mismatching_upload_offset",
					"Upload-Offset", "The upload ID has 2 bytes, but Upload-Offset is 0. Continue at 2."),
			arguments(List.of("Content-Type", BYTES, "Upload-Offset", "3"), 409, "mismatching_upload_offset",
					"Upload-Offset", "The upload ID has 2 bytes, but Upload-Offset is 3. Continue at 2."),
			arguments(List.of("Content-Type", BYTES, "Upload-Offset", "2", "Upload-Length", "6"), 400,
					"inconsistent_upload_length", "Upload-Length", "The upload ID has the length 5, not 6."),
			arguments(List.of("Content-Type", BYTES, "Upload-Offset", "2", "Upload-Checksum", "crc32 AAAAAA=="), 400,
					"validation_error", "Upload-Checksum", CHECKSUM),
			arguments(List.of("Content-Type", BYTES, "Upload-Offset", "2", "Upload-Checksum", "sha1"), 400,
					"validation_error", "Upload-Checksum", CHECKSUM),
			arguments(List.of("Content-Type", BYTES, "Upload-Offset", "2", "Upload-Checksum", "sha1 AAAA"), 400,
					"validation_error", "Upload-Checksum", CHECKSUM),
			arguments(List
				.of("Content-Type", BYTES, "Upload-Offset", "2", "Upload-Checksum", "sha1 " + "A".repeat(27) + "="),
					460, "checksum_mismatch", "Upload-Checksum",
					"The sha1 of the body is not the one in 'Upload-Checksum'. Nothing of it was kept. Please send it"
							+ " again."),
			arguments(List.of("Content-Type", BYTES, "Upload-Offset", "2", "Content-MD5", "A".repeat(22) + "=="), 400,
					"digest_mismatch", "Content-MD5",
					"The body has the md5 " + base64("MD5", "llo") + ", but its Content-MD5 header says "
							+ "A".repeat(22) + "==. Nothing was kept. Please send the request again."));

	@Test
	void namesTheOffsetWithAWrongOne() {
		String path = created(5);
		append(path, 0, "he");
		Answer wrong = append(path, 0, "hello");
		requireHeaders(wrong, "Upload-Offset", "2", "Tus-Resumable", "1.0.0");
	}

	@ParameterizedTest
	@ValueSource(strings = { "md5 MD5", "sha1 SHA-1", "sha256 SHA-256", "sha512 SHA-512" })
	void keepsWhatHasTheChecksum(String algorithm) {
		String[] names = algorithm.split(" ", -1);
		String path = created(5);
		Answer wrong = append(path, 0, "hello", "Upload-Checksum", names[0] + " " + base64(names[1], "hallo"));
		assertThat(wrong.status()).isEqualTo(460);
		requireHeaders(head(path), "Upload-Offset", "0");
		Answer first = append(path, 0, "he", "Upload-Checksum", names[0] + " " + base64(names[1], "he"));
		requireHeaders(first, "Upload-Offset", "2");
		Answer nothing = append(path, 2, "", "Upload-Checksum", names[0] + " " + base64(names[1], ""));
		assertThat(nothing.status()).isEqualTo(204);
		Answer last = append(path, 2, "llo", "Upload-Checksum", names[0] + " " + base64(names[1], "llo"));
		assertThat(last.header("Stowage-File-Id")).isPresent();
		assertThat(server.alice().get(last.header("Content-Location").orElseThrow() + "/content").body())
			.isEqualTo("hello");
	}

	@Test
	void refusesMoreThanTheLengthAndContinuesWhereItWas() {
		String path = created(5);
		append(path, 0, "he");
		String message = "The upload " + id(path) + " was created for 5 bytes, and the request has more.";
		requireRefused(append(path, 2, "llo!"), 413, "file_too_large", "Upload-Length", message);
		requireHeaders(head(path), "Upload-Offset", "2");
		requireRefused(chunked(path, 2, "llo!"), 413, "file_too_large", "Upload-Length", message);
		long offset = Long.parseLong(head(path).header("Upload-Offset").orElseThrow());
		assertThat(offset).isBetween(2L, 5L);
		assertThat(append(path, offset, "hello".substring((int) offset)).header("Stowage-File-Id")).isPresent();
	}

	@Test
	void takesBodiesOfUnknownLength() {
		String path = created(5);
		requireHeaders(chunked(path, 0, "he"), "Upload-Offset", "2");
		Answer last = chunked(path, 2, "llo");
		assertThat(server.alice().get(last.header("Content-Location").orElseThrow() + "/content").body())
			.isEqualTo("hello");
	}

	@Test
	void learnsTheLengthLater() {
		Answer created = send("POST", UPLOADS, "", "Upload-Defer-Length", "1");
		String path = created.header("Location").orElseThrow();
		requireHeaders(head(path), "Upload-Defer-Length", "1");
		assertThat(head(path).header("Upload-Length")).isEmpty();
		append(path, 0, "he");
		requireRefused(append(path, 2, "llo", "Upload-Length", "3"), 413, "file_too_large", "Upload-Length",
				"The upload " + id(path) + " was created for 3 bytes, and the request has more.");
		Answer known = append(path, 2, "l", "Upload-Length", "5");
		requireHeaders(known, "Upload-Offset", "3");
		requireHeaders(head(path), "Upload-Length", "5");
		assertThat(head(path).header("Upload-Defer-Length")).isEmpty();
		assertThat(append(path, 3, "l", "Upload-Length", "4").status()).isEqualTo(400);
		assertThat(append(path, 3, "lo", "Upload-Length", "5").header("Stowage-File-Id")).isPresent();
	}

	@Test
	void endsAnUploadWhoseLengthItLearnsLast() {
		String path = send("POST", UPLOADS, "", "Upload-Defer-Length", "1").header("Location").orElseThrow();
		append(path, 0, "hello");
		Answer last = append(path, 5, "", "Upload-Length", "5");
		assertThat(last.status()).isEqualTo(204);
		assertThat(last.header("Stowage-File-Id")).isPresent();
	}

	@Test
	void takesBytesWithTheCreation() {
		Answer whole = send("POST", UPLOADS, "hello", "Content-Type", BYTES, "Upload-Length", "5");
		assertThat(whole.status()).isEqualTo(201);
		String file = whole.header("Stowage-File-Id").orElseThrow();
		requireHeaders(whole, "Upload-Offset", "5", "Content-Location", "/v1/files/" + file, "Location",
				"/v1/uploads/" + file.replace("file-", "upload_"));
		assertThat(server.alice().get("/v1/files/" + file + "/content").body()).isEqualTo("hello");
		Answer part = send("POST", UPLOADS, "he", "Content-Type", BYTES, "Upload-Length", "5");
		assertThat(part.status()).isEqualTo(201);
		requireHeaders(part, "Upload-Offset", "2");
		assertThat(part.header("Upload-Expires")).isPresent();
		assertThat(append(part.header("Location").orElseThrow(), 2, "llo").header("Stowage-File-Id")).isPresent();
		Answer unknown = send("POST", UPLOADS, "he", "Content-Type", "Application/Offset+Octet-Stream; v=1",
				"Upload-Defer-Length", "1");
		requireHeaders(unknown, "Upload-Offset", "2");
		Answer other = send("POST", UPLOADS, "he", "Content-Type", "application/json", "Upload-Length", "5");
		requireHeaders(other, "Upload-Offset", "0");
	}

	@Test
	void createsNothingIfTheFirstBytesAreRefused() {
		long before = pending();
		requireRefused(send("POST", UPLOADS, "hello!", "Content-Type", BYTES, "Upload-Length", "5"), 413,
				"file_too_large", "Upload-Length", null);
		requireRefused(
				server.alice()
					.send("POST", UPLOADS,
							BodyPublishers.ofInputStream(
									() -> new ByteArrayInputStream("hello!".getBytes(StandardCharsets.UTF_8))),
							tus("Content-Type", BYTES, "Upload-Length", "5")),
				413, "file_too_large", "Upload-Length", null);
		Answer mismatch = send("POST", UPLOADS, "hello", "Content-Type", BYTES, "Upload-Length", "5", "Upload-Checksum",
				"sha1 " + base64("SHA-1", "hallo"));
		assertThat(mismatch.status()).isEqualTo(460);
		assertThat(mismatch.header("Location")).isEmpty();
		assertThat(pending()).isEqualTo(before);
	}

	private static long pending() {
		return JdbcClient.create(server.database())
			.sql("SELECT count(*) FROM file WHERE status = 'PENDING'")
			.query(Long.class)
			.single();
	}

	@Test
	void endsAnUploadAndForgetsItLater() {
		String path = created(5);
		append(path, 0, "he");
		Answer ended = send("DELETE", path, "");
		assertThat(ended.status()).isEqualTo(204);
		requireHeaders(ended, "Tus-Resumable", "1.0.0");
		String message = "The upload " + id(path) + " is cancelled. Create a new upload.";
		assertThat(head(path).status()).isEqualTo(410);
		assertThat(head(path).header("Upload-Offset")).isEmpty();
		requireRefused(append(path, 2, "llo"), 410, "upload_not_pending", "upload_id", message);
		requireRefused(send("DELETE", path, ""), 410, "upload_not_pending", "upload_id", message);
	}

	@Test
	void expiresSomeTimeAfterTheLastByte() {
		String path = created(5);
		Instant first = expiry(head(path));
		server.clock().move(Duration.ofHours(23));
		Answer appended = append(path, 0, "he");
		assertThat(expiry(appended)).isAfter(first.plus(Duration.ofHours(22)));
		server.clock().move(Duration.ofHours(23));
		requireHeaders(head(path), "Upload-Offset", "2");
		server.clock().move(Duration.ofHours(2));
		assertThat(head(path).status()).isEqualTo(410);
		requireRefused(append(path, 2, "llo"), 410, "upload_not_pending", "upload_id",
				"The upload " + id(path) + " is expired. Create a new upload.");
		server.sweep();
		assertThat(append(path, 2, "llo").status()).isEqualTo(410);
		server.clock().move(Duration.ofHours(25));
		server.sweep();
		requireRefused(append(path, 2, "llo"), 404, "upload_not_found", "upload_id",
				"No such Upload object: " + id(path));
	}

	@ParameterizedTest
	@ValueSource(strings = { "upload_000000000000000000000000000000", "upload_x", "a%22b" })
	void knowsOnlyItsOwnUploads(String id) {
		String shown = id.replace("%22", "\"");
		requireUnknown(server.alice(), UPLOADS + "/" + id, shown);
	}

	@Test
	void hidesTheUploadsOfOthers() {
		String path = created(5);
		requireUnknown(server.bob(), path, id(path));
		Answer parts = server.alice()
			.post(UPLOADS, "{\"purpose\":\"evals\",\"filename\":\"a\",\"bytes\":5,\"mime_type\":\"text/plain\"}");
		requireUnknown(server.alice(), UPLOADS + "/" + parts.text("id"), parts.text("id"));
		requireRefused(server.alice().post(path + "/complete", "{\"part_ids\": [\"part_x\"]}"), 404, "upload_not_found",
				"upload_id", "No such Upload object: " + id(path));
		requireHeaders(head(path), "Upload-Offset", "0");
	}

	private static void requireUnknown(Caller caller, String path, String id) {
		String message = "No such Upload object: " + id;
		requireRefused(
				caller.send("PATCH", path, BodyPublishers.ofString("x"),
						tus("Content-Type", BYTES, "Upload-Offset", "0")),
				404, "upload_not_found", "upload_id", message);
		requireRefused(caller.send("DELETE", path, BodyPublishers.noBody(), tus()), 404, "upload_not_found",
				"upload_id", message);
		Answer head = caller.send("HEAD", path, BodyPublishers.noBody(), tus());
		assertThat(head.status()).isEqualTo(404);
		assertThat(head.header("Upload-Offset")).isEmpty();
		requireHeaders(head, "Tus-Resumable", "1.0.0");
	}

	@ParameterizedTest
	@ValueSource(strings = { BYTES, "text/plain", "nonsense" })
	void isNotMeantWithoutItsHeader(String type) {
		Answer answer = server.alice()
			.send("POST", UPLOADS, BodyPublishers.ofString("hello"), "Content-Type", type, "Upload-Length", "5");
		requireRefused(answer, 415, "unsupported_media_type", null, null);
		Answer nothing = server.alice().send("POST", UPLOADS, BodyPublishers.noBody(), "Upload-Length", "5");
		requireRefused(nothing, 415, "unsupported_media_type", null, null);
	}

	@Test
	void needsAKeyAndSaysTheVersionToStrangers() {
		String path = created(5);
		for (String method : List.of("HEAD", "PATCH", "DELETE", "POST")) {
			Answer answer = server.with("")
				.send(method, method.equals("POST") ? UPLOADS : path, BodyPublishers.noBody(),
						tus("Upload-Length", "5", "Content-Type", BYTES, "Upload-Offset", "0"));
			assertThat(answer.status()).isEqualTo(401);
			requireHeaders(answer, "Tus-Resumable", "1.0.0", "WWW-Authenticate", "Bearer");
		}
	}

	@Test
	void meansTheMethodThatAHeaderNames() {
		String path = created(5);
		Answer head = send("POST", path, "", "X-HTTP-Method-Override", "HEAD");
		assertThat(head.status()).isEqualTo(200);
		requireHeaders(head, "Upload-Offset", "0");
		Answer append = send("POST", path, "he", "X-HTTP-Method-Override", "PATCH", "Content-Type", BYTES,
				"Upload-Offset", "0");
		assertThat(append.status()).isEqualTo(204);
		requireHeaders(append, "Upload-Offset", "2");
		Answer wrong = send("POST", path, "hallo", "X-HTTP-Method-Override", "PATCH", "Content-Type", BYTES,
				"Upload-Offset", "0");
		assertThat(wrong.status()).isEqualTo(409);
		assertThat(send("POST", path, "", "X-HTTP-Method-Override", "DELETE").status()).isEqualTo(204);
		assertThat(head(path).status()).isEqualTo(410);
		Answer other = server.alice().send("POST", path, BodyPublishers.noBody(), "X-HTTP-Method-Override", "DELETE");
		assertThat(other.status()).isEqualTo(405);
		Answer unknown = send("POST", path, "", "X-HTTP-Method-Override", "PUT");
		assertThat(unknown.status()).isEqualTo(405);
	}

	@Test
	void keepsWhatArrivedBeforeABreak() throws Exception {
		String path = created(1_000_000);
		try (RawConnection connection = new RawConnection(server)) {
			connection.send(patch(path, 0, 1_000_000)).send(new byte[300_000]).endOutput();
			assertThat(connection.answer()).startsWith("HTTP/1.1 400").contains("Tus-Resumable: 1.0.0");
		}
		requireHeaders(head(path), "Upload-Offset", "300000");
		try (RawConnection connection = new RawConnection(server)) {
			connection.send(patch(path, 300_000, 700_000)).send(new byte[200_000]);
			await().until(() -> requests(path) == 2);
			connection.vanish();
		}
		await().until(() -> !head(path).header("Upload-Offset").orElseThrow().equals("300000"));
		long offset = Long.parseLong(head(path).header("Upload-Offset").orElseThrow());
		assertThat(offset).isBetween(300_001L, 500_000L);
		Answer last = server.alice()
			.send("PATCH", path, BodyPublishers.ofByteArray(new byte[1_000_000 - (int) offset]),
					tus("Content-Type", BYTES, "Upload-Offset", String.valueOf(offset)));
		assertThat(last.header("Stowage-File-Id")).isPresent();
		assertThat(server.alice().get(last.header("Content-Location").orElseThrow() + "/content").bytes())
			.isEqualTo(new byte[1_000_000]);
	}

	/** The number of the request that appends; 0 if none does. */
	private static int requests(String path) {
		return JdbcClient.create(server.database())
			.sql("SELECT writer FROM appended_upload WHERE file_id = ?")
			.param(id(path).replace("upload_", "file-"))
			.query(Integer.class)
			.single();
	}

	@Test
	void keepsNothingOfACutBodyThatHasAChecksum() throws Exception {
		String path = created(5);
		try (RawConnection connection = new RawConnection(server)) {
			connection.send(patch(path, 0, 5, "Upload-Checksum: sha1 " + base64("SHA-1", "hello")))
				.send("he")
				.endOutput();
			assertThat(connection.answer()).startsWith("HTTP/1.1 400");
		}
		requireHeaders(head(path), "Upload-Offset", "0");
	}

	@Test
	void letsANewRequestEndAnOlderOne() throws Exception {
		String path = created(5);
		try (RawConnection older = new RawConnection(server)) {
			older.send(patch(path, 0, 5)).send("he");
			await().until(() -> requests(path) > 0);
			await().until(() -> !head(path).header("Upload-Offset").orElseThrow().equals("0"));
			requireHeaders(head(path), "Upload-Offset", "2");
			assertThat(older.answer()).startsWith("HTTP/1.1 409")
				.contains("\"code\":\"upload_taken_over\"", "Tus-Resumable: 1.0.0", "Retry-After: 1");
		}
		assertThat(append(path, 2, "llo").header("Stowage-File-Id")).isPresent();
	}

	@Test
	void letsANewRequestEndAnOlderOneThatSendsChunks() throws Exception {
		String path = created(5);
		try (RawConnection older = new RawConnection(server)) {
			older.send(head("PATCH", path, "Content-Type: " + BYTES, "Upload-Offset: 0", "Transfer-Encoding: chunked"))
				.send("2\r\nhe\r\n");
			await().until(() -> requests(path) > 0);
			await().until(() -> !head(path).header("Upload-Offset").orElseThrow().equals("0"));
			assertThat(older.answer()).startsWith("HTTP/1.1 409").contains("\"code\":\"upload_taken_over\"");
		}
		requireHeaders(head(path), "Upload-Offset", "2");
	}

	@Test
	void endsTheRequestsOfAnUploadThatIsEnded() throws Exception {
		String path = created(5);
		try (RawConnection older = new RawConnection(server)) {
			older.send(patch(path, 0, 5)).send("he");
			await().until(() -> requests(path) > 0);
			assertThat(send("DELETE", path, "").status()).isEqualTo(204);
			assertThat(older.answer()).startsWith("HTTP/1.1 410")
				.contains("\"code\":\"upload_not_pending\"", "is cancelled");
		}
	}

	@Test
	void refusesBeforeTheBodyIsSent() throws Exception {
		String path = created(5);
		append(path, 0, "he");
		try (RawConnection connection = new RawConnection(server)) {
			connection.send(patch(path, 0, 5, "Expect: 100-continue"));
			assertThat(connection.answer()).startsWith("HTTP/1.1 409").contains("Upload-Offset: 2");
		}
	}

	@Test
	void obeysTheSettings(@TempDir Path strictFolder) throws Exception {
		try (StowageServer strict = StowageServer.start(strictFolder, "stowage.upload-timeout=1s",
				"stowage.resumable.max-size=1MB", "stowage.max-pending=2")) {
			endASilentClientAndKeepWhatItSent(strict);
			refuseMoreThanTheLargestFile(strict);
			Answer refused = createdOn(strict, "Upload-Length", "5");
			assertThat(refused.status()).isEqualTo(429);
			requireHeaders(refused, "Tus-Resumable", "1.0.0", "Retry-After", "10");
			assertThat(refused.text("code")).isEqualTo("too_many_pending");
		}
	}

	private static Answer createdOn(StowageServer strict, String... headers) {
		return strict.alice().send("POST", UPLOADS, BodyPublishers.noBody(), tus(headers));
	}

	private static void endASilentClientAndKeepWhatItSent(StowageServer strict) throws Exception {
		String path = createdOn(strict, "Upload-Length", "5").header("Location").orElseThrow();
		try (RawConnection connection = new RawConnection(strict)) {
			connection.send(patch(path, 0, 5)).send("he");
			assertThat(connection.answer()).startsWith("HTTP/1.1 408")
				.contains("\"code\":\"upload_timeout\"", "Tus-Resumable: 1.0.0");
		}
		requireHeaders(strict.alice().send("HEAD", path, BodyPublishers.noBody(), tus()), "Upload-Offset", "2");
	}

	/** Where no length is known before. */
	private static void refuseMoreThanTheLargestFile(StowageServer strict) {
		String path = createdOn(strict, "Upload-Defer-Length", "1").header("Location").orElseThrow();
		for (BodyPublisher more : List.of(BodyPublishers.ofByteArray(new byte[1_048_577]),
				BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(new byte[1_048_577])))) {
			Answer answer = strict.alice().send("PATCH", path, more, tus("Content-Type", BYTES, "Upload-Offset", "0"));
			requireRefused(answer, 413, "file_too_large", "file", "File is too large. The limit is 1048576 bytes.");
			requireHeaders(strict.alice().send("HEAD", path, BodyPublishers.noBody(), tus()), "Upload-Offset", "0");
		}
	}

	@Test
	void createsOneUploadForAnIdempotencyKey() {
		String[] headers = { "Upload-Length", "5", "Idempotency-Key", "tus-1" };
		Answer first = send("POST", UPLOADS, "", headers);
		assertThat(first.header("Idempotency-Replayed")).isEmpty();
		String path = first.header("Location").orElseThrow();
		append(path, 0, "he");
		Answer again = send("POST", UPLOADS, "", headers);
		assertThat(again.status()).isEqualTo(201);
		requireHeaders(again, "Location", path, "Upload-Offset", "2", "Idempotency-Replayed", "true");
		append(path, 2, "llo");
		requireHeaders(send("POST", UPLOADS, "", headers), "Location", path, "Upload-Offset", "5", "Stowage-File-Id",
				path.replace("/v1/uploads/upload_", "file-"));
		assertThat(send("POST", UPLOADS, "", "Upload-Length", "6", "Idempotency-Key", "tus-1").status()).isEqualTo(422);
	}

	@Test
	void doesNotEndAnUploadThatARepeatedCreationContinues() throws Exception {
		try (RawConnection older = new RawConnection(server)) {
			older
				.send(head("POST", UPLOADS, "Upload-Length: 5", "Content-Type: " + BYTES, "Content-Length: 5",
						"Idempotency-Key: tus-2"))
				.send("he");
			String[] headers = { "Upload-Length", "5", "Idempotency-Key", "tus-2", "Content-Type", BYTES };
			await().until(() -> send("POST", UPLOADS, "hello", headers).header("Location").isPresent());
			String path = send("POST", UPLOADS, "hello", headers).header("Location").orElseThrow();
			await().until(() -> requests(path) > 0);
			requireHeaders(head(path), "Upload-Offset", "2");
			assertThat(older.answer()).startsWith("HTTP/1.1 409");
			assertThat(append(path, 2, "llo").header("Stowage-File-Id")).isPresent();
		}
	}

	private static String patch(String path, long offset, int length, String... headers) {
		return head("PATCH", path, Stream
			.concat(Stream.of("Content-Type: " + BYTES, "Upload-Offset: " + offset, "Content-Length: " + length),
					Stream.of(headers))
			.toArray(String[]::new));
	}

	private static String head(String method, String path, String... headers) {
		return method + " " + path + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + StowageServer.ALICE
				+ "\r\nTus-Resumable: 1.0.0\r\n" + String.join("\r\n", headers) + "\r\n\r\n";
	}

	private static Answer send(String method, String path, String body, String... headers) {
		return server.alice()
			.send(method, path, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body), tus(headers));
	}

	private static String[] tus(String... headers) {
		return Stream.concat(Stream.of("Tus-Resumable", "1.0.0"), Stream.of(headers)).toArray(String[]::new);
	}

	private static String created(long length) {
		Answer created = send("POST", UPLOADS, "", "Upload-Length", String.valueOf(length));
		assertThat(created.status()).as(created.toString()).isEqualTo(201);
		return created.header("Location").orElseThrow();
	}

	private static Answer append(String path, long offset, String text, String... headers) {
		return send("PATCH", path, text,
				Stream
					.concat(Stream.of("Content-Type", BYTES, "Upload-Offset", String.valueOf(offset)),
							Stream.of(headers))
					.toArray(String[]::new));
	}

	private static Answer chunked(String path, long offset, String text) {
		return server.alice()
			.send("PATCH", path,
					BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8))),
					tus("Content-Type", BYTES, "Upload-Offset", String.valueOf(offset)));
	}

	private static Answer head(String path) {
		return send("HEAD", path, "");
	}

	private static String id(String path) {
		return path.substring(path.lastIndexOf('/') + 1);
	}

	private static String metadata(String key, String value) {
		return key + " " + Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8));
	}

	private static String base64(String algorithm, String text) {
		try {
			return Base64.getEncoder()
				.encodeToString(MessageDigest.getInstance(algorithm).digest(text.getBytes(StandardCharsets.UTF_8)));
		}
		catch (NoSuchAlgorithmException ex) {
			throw new AssertionError(ex);
		}
	}

	private static Instant now() {
		return server.clock().instant();
	}

	private static Instant expiry(Answer answer) {
		return ZonedDateTime.parse(answer.header("Upload-Expires").orElseThrow(), DateTimeFormatter.RFC_1123_DATE_TIME)
			.toInstant();
	}

	private static void requireHeaders(Answer answer, String... headers) {
		for (int i = 0; i < headers.length; i += 2) {
			assertThat(answer.header(headers[i])).as(headers[i] + " of " + answer).contains(headers[i + 1]);
		}
	}

	private static void requireRefused(Answer answer, int status, String code, @Nullable String param,
			@Nullable String message) {
		assertThat(answer.status()).as(answer.toString()).isEqualTo(status);
		requireHeaders(answer, "Content-Type", "application/problem+json");
		assertThat(answer.text("code")).isEqualTo(code);
		assertThat(answer.json().at("/error/param").asString(null)).isEqualTo(param);
		if (message != null) {
			assertThat(answer.text("detail")).isEqualTo(message);
			assertThat(answer.json().at("/error/message").asString()).isEqualTo(message);
		}
	}

}
