package dev.stowage.api;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.function.IntSupplier;
import java.util.stream.Stream;

import dev.stowage.support.Answer;
import dev.stowage.support.RawConnection;
import dev.stowage.support.StowageServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Sends recorded requests of real clients to a running server, split in different ways.
 */
class WireUploadTests {

	private static final JsonNode INDEX = JsonMapper.shared().readTree(resource("index.json"));

	/** The id in all recorded paths. */
	private static final String RECORDED = "upload_abc123";

	private static final int SEEDS = 5;

	@TempDir
	static Path folder;

	private static StowageServer server;

	@BeforeAll
	static void start() {
		server = StowageServer.start(folder);
	}

	@AfterAll
	static void stop() {
		server.close();
	}

	static Stream<String> uploads() {
		return names("/v1/files");
	}

	static Stream<String> parts() {
		return names("/v1/uploads/" + RECORDED + "/parts");
	}

	private static Stream<String> names(String path) {
		return INDEX.propertyNames().stream().filter((name) -> INDEX.get(name).path("path").asString().equals(path));
	}

	@Test
	void leavesNothingOut() {
		assertThat(uploads()).hasSize(37).allMatch((name) -> name.endsWith(".files"));
		assertThat(parts()).hasSize(10);
		assertThat(INDEX.propertyNames()).hasSize(37 + 10);
	}

	@ParameterizedTest
	@MethodSource("uploads")
	void answersAsTheContractDemandsHoweverTheBytesArrive(String name) throws Exception {
		byte[] request = request(name);
		inDifferentPieces((sizes) -> {
			String answer = answer(request, sizes);
			String refusal = refusal(name);
			if (refusal.isEmpty()) {
				assertThat(answer).startsWith("HTTP/1.1 200");
				assertStored(INDEX.get(name), body(answer));
			}
			else {
				assertRefused(answer, refusal, "file");
			}
		});
	}

	@ParameterizedTest
	@MethodSource("parts")
	void takesPartsHoweverTheBytesArrive(String name) throws Exception {
		JsonNode sent = INDEX.get(name).path("file");
		long bytes = sent.path("bytes").asLong(1);
		inDifferentPieces((sizes) -> {
			String upload = server.alice()
				.post("/v1/uploads",
						"""
								{"purpose": "user_data", "filename": "a", "bytes": %d, "mime_type": "application/octet-stream"}"""
							.formatted(bytes))
				.text("id");
			String answer = answer(request(name, upload), sizes);
			if (sent.isNull()) {
				// this SDK drops a Blob that has no name
				assertRefused(answer, "'data' is a required property", "data");
				return;
			}
			assertThat(answer).startsWith("HTTP/1.1 200");
			JsonNode part = body(answer);
			assertThat(part.path("upload_id").asString()).isEqualTo(upload);
			assertThat(part.path("bytes").asLong()).isEqualTo(bytes);
			Answer completed = server.alice()
				.post("/v1/uploads/" + upload + "/complete",
						"{\"part_ids\": [\"" + part.path("id").asString() + "\"]}");
			assertThat(completed.text("status")).isEqualTo("completed");
			assertContent(completed.json().path("file"), sent);
		});
	}

	/** All bytes at once, one by one, and in pieces of random sizes. */
	private static void inDifferentPieces(Sending sending) throws Exception {
		sending.send(() -> Integer.MAX_VALUE);
		sending.send(() -> 1);
		for (int seed = 0; seed < SEEDS; seed++) {
			Random random = new Random(seed);
			int most = 1 + random.nextInt(300);
			sending.send(() -> 1 + random.nextInt(most));
		}
	}

	private static String answer(byte[] request, IntSupplier sizes) throws IOException {
		try (RawConnection connection = new RawConnection(server)) {
			int sent = 0;
			while (sent < request.length) {
				int end = sent + Math.min(request.length - sent, sizes.getAsInt());
				connection.send(Arrays.copyOfRange(request, sent, end));
				sent = end;
			}
			return connection.answer();
		}
	}

	private static JsonNode body(String answer) {
		return JsonMapper.shared().readTree(answer.substring(answer.indexOf("\n\n")));
	}

	private static void assertRefused(String answer, String refusal, String param) {
		assertThat(answer).startsWith("HTTP/1.1 400");
		JsonNode body = body(answer);
		assertThat(body.path("detail").asString()).isEqualTo(refusal);
		assertThat(body.path("error").path("message").asString()).isEqualTo(refusal);
		assertThat(body.path("error").path("param").asString()).isEqualTo(param);
	}

	/** The message for a form that must be refused. */
	private static String refusal(String name) {
		return switch (name) {
			case "openai-node-6-n6-blob.files", "openai-node-6-n6-nofile.files" -> "'file' is a required property";
			case "openai-node-6-n6-empty.files", "openai-python-3-py3-empty.files" ->
				"The file is empty. Upload at least one byte.";
			case "curl-7-curl-nonascii.files", "curl-7-curl-nonascii2.files" ->
				"Invalid file format for Batch API. Must be .jsonl";
			default -> "";
		};
	}

	private static void assertStored(JsonNode sent, JsonNode stored) throws GeneralSecurityException {
		JsonNode fields = sent.path("fields");
		long created = stored.path("created_at").asLong();
		assertThat(stored.path("filename").asString()).isEqualTo(kept(sent.path("file").path("filename_raw")));
		assertThat(stored.path("purpose").asString()).isEqualTo(fields.path("purpose").asString());
		assertThat(stored.path("bytes").asInt()).isEqualTo(sent.path("file").path("bytes").asInt());
		assertThat(stored.path("status").asString()).isEqualTo("processed");
		if (fields.has("expires_after[seconds]")) {
			assertThat(stored.path("expires_at").asLong())
				.isEqualTo(created + Long.parseLong(fields.path("expires_after[seconds]").asString()));
		}
		else if (fields.path("purpose").asString().equals("batch")) {
			assertThat(stored.path("expires_at").asLong()).isEqualTo(created + 2_592_000);
		}
		else {
			assertThat(stored.path("expires_at").isNull()).isTrue();
		}
		assertContent(stored, sent.path("file"));
	}

	private static void assertContent(JsonNode stored, JsonNode sent) throws GeneralSecurityException {
		Answer content = server.alice().get("/v1/files/" + stored.path("id").asString() + "/content");
		assertThat(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content.bytes())))
			.isEqualTo(sent.path("sha256").asString());
	}

	/** The stored name of a file that was sent under another name. */
	private static String kept(JsonNode sent) {
		if (sent.isNull()) {
			return "upload";
		}
		return switch (sent.asString()) {
			case "naïve %22q%22 日本.txt" -> "naïve \"q\" 日本.txt";
			case "naïve %22q%22 日本😀\\x.txt" -> "x.txt";
			case "naïve %22q%22\\\\ 日本😀%0D%0A.txt", " 日本😀.txt" -> " 日本😀.txt";
			default -> {
				assertThat(sent.asString()).matches("[a-zA-Z.]+");
				yield sent.asString();
			}
		};
	}

	/** The request for another upload than the recorded one. */
	private static byte[] request(String name, String upload) {
		return new String(request(name), StandardCharsets.ISO_8859_1).replace(RECORDED, upload)
			.getBytes(StandardCharsets.ISO_8859_1);
	}

	/** Content-Length counts the body only, so the head may change its length. */
	private static byte[] request(String name) {
		return new String(resource(name + ".req"), StandardCharsets.ISO_8859_1)
			.replace("@HOST@", "127.0.0.1:" + server.port())
			.replace("@KEY@", StowageServer.ALICE)
			.getBytes(StandardCharsets.ISO_8859_1);
	}

	private static byte[] resource(String name) {
		try (InputStream in = WireUploadTests.class.getResourceAsStream("/wire/" + name)) {
			assertThat(in).as(name).isNotNull();
			return in.readAllBytes();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** A request that is sent in pieces of the sizes given. */
	private interface Sending {

		void send(IntSupplier sizes) throws Exception;

	}

}
