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
import dev.stowage.support.Backing;
import dev.stowage.support.OnEachBacking;
import dev.stowage.support.RawConnection;
import dev.stowage.support.StowageServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Sends recorded requests of real clients to a running server, split in different ways.
 */
class WireUploadTests extends OnEachBacking {

	private static final JsonNode INDEX = JsonMapper.shared().readTree(resource("index.json"));

	private static final int SEEDS = 5;

	@TempDir
	static Path folder;

	private static StowageServer server;

	@BeforeParameterizedClassInvocation
	static void start(Backing backing) {
		server = StowageServer.start(backing, folder);
	}

	@AfterParameterizedClassInvocation
	static void stop() {
		server.close();
	}

	/** The omitted ones went to /v1/uploads, a path that the server does not have. */
	static Stream<String> uploads() {
		return INDEX.propertyNames().stream().filter((name) -> name.endsWith(".files"));
	}

	@Test
	void leavesOutOnlyWhatWentToAnotherPath() {
		assertThat(uploads()).hasSize(37);
		assertThat(INDEX.properties()).allSatisfy((fixture) -> assertThat(fixture.getKey().endsWith(".files"))
			.isEqualTo(fixture.getValue().path("path").asString().equals("/v1/files")));
	}

	@ParameterizedTest
	@MethodSource("uploads")
	void answersAsTheContractDemandsHoweverTheBytesArrive(String name) throws Exception {
		byte[] request = request(name);
		assertAnswered(name, request, () -> request.length);
		assertAnswered(name, request, () -> 1);
		for (int seed = 0; seed < SEEDS; seed++) {
			Random random = new Random(seed);
			int most = 1 + random.nextInt(300);
			assertAnswered(name, request, () -> 1 + random.nextInt(most));
		}
	}

	private static void assertAnswered(String name, byte[] request, IntSupplier sizes) throws Exception {
		try (RawConnection connection = new RawConnection(server)) {
			int sent = 0;
			while (sent < request.length) {
				int end = Math.min(request.length, sent + sizes.getAsInt());
				connection.send(Arrays.copyOfRange(request, sent, end));
				sent = end;
			}
			String answer = connection.answer();
			JsonNode body = JsonMapper.shared().readTree(answer.substring(answer.indexOf("\n\n")));
			String refusal = refusal(name);
			if (refusal.isEmpty()) {
				assertThat(answer).startsWith("HTTP/1.1 200");
				assertStored(INDEX.get(name), body);
			}
			else {
				assertThat(answer).startsWith("HTTP/1.1 400");
				assertThat(body.path("detail").asString()).isEqualTo(refusal);
				assertThat(body.path("error").path("message").asString()).isEqualTo(refusal);
				assertThat(body.path("error").path("param").asString()).isEqualTo("file");
			}
		}
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
		Answer content = server.alice().get("/v1/files/" + stored.path("id").asString() + "/content");
		assertThat(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content.bytes())))
			.isEqualTo(sent.path("file").path("sha256").asString());
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

}
