package dev.stowage.api;

import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

import dev.stowage.support.Answer;
import dev.stowage.support.Backing;
import dev.stowage.support.Form;
import dev.stowage.support.OnEachBacking;
import dev.stowage.support.StowageServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** What clients of other vendors than OpenAI ask, as they ask it. */
class VendorTests extends OnEachBacking {

	private static final Form HELLO = new Form().field("purpose", "user_data").file("a.txt", "hello");

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

	@ParameterizedTest
	@ValueSource(strings = { "/openai/v1/files", "/openai/files" })
	void servesFilesUnderAnAlias(String files) {
		String query = "?api-version=2024-10-21";
		String id = server.alice().form(files + query, HELLO).text("id");
		String path = files + "/" + id;
		assertThat(server.alice().get(path + query).body()).isEqualTo(server.alice().get("/v1/files/" + id).body());
		assertThat(server.with("").get(path + "/content" + query, "api-key", StowageServer.ALICE).body())
			.isEqualTo("hello");
		assertThat(server.alice().get("/%2fopenai/files" + query).status()).isEqualTo(404);
		assertThat(server.alice().get("//" + files.substring(1) + "/" + query + "&limit=1").ids()).containsExactly(id);
		assertThat(server.bob().get(path + query).status()).isEqualTo(404);
		assertThat(server.with("").get(path + query).status()).isEqualTo(401);
		assertThat(server.alice().delete(path + query).json().path("deleted").asBoolean()).isTrue();
		assertThat(server.alice().get("/v1/files/" + id).status()).isEqualTo(404);
	}

	@Test
	void answersAzuresUploadsWithTheirLocation() {
		Answer uploaded = server.alice().form("/openai/files?api-version=preview", HELLO);
		assertThat(uploaded.status()).isEqualTo(201);
		assertThat(uploaded.header("Location")).contains("/openai/files/" + uploaded.text("id"));
		assertThat(server.alice().get(uploaded.header("Location").orElseThrow()).body()).isEqualTo(uploaded.body());
		Answer granted = server.alice().post("/openai/files", "{\"filename\": \"a.json\"}");
		assertThat(granted.status()).isEqualTo(201);
		assertThat(granted.header("Location")).contains("/openai/files/" + granted.text("id"));
	}

	@Test
	void answersAzuresRepeatsAlike() {
		String[] headers = { "Content-Type", Form.CONTENT_TYPE, "Idempotency-Key", "azure-1" };
		Answer first = server.alice().send("POST", "/openai/files", BodyPublishers.ofByteArray(HELLO.bytes()), headers);
		Answer again = server.alice().send("POST", "/openai/files", BodyPublishers.ofByteArray(HELLO.bytes()), headers);
		assertThat(again.body()).isEqualTo(first.body());
		assertThat(again.status()).isEqualTo(201);
		assertThat(again.header("Location")).isEqualTo(first.header("Location"));
		assertThat(again.header("Idempotency-Replayed")).contains("true");
		// the same request, by its other path
		Answer other = server.alice().upload(HELLO, "azure-1");
		assertThat(other.status()).isEqualTo(200);
		assertThat(other.header("Location")).isEmpty();
		assertThat(other.text("id")).isEqualTo(first.text("id"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "/v1/files", "/openai/v1/files" })
	void answersAllOtherUploadsWithoutLocation(String path) {
		Answer answer = server.alice().form(path, HELLO);
		assertThat(answer.status()).isEqualTo(200);
		assertThat(answer.header("Location")).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "/openai/v1/uploads", "/openai/uploads" })
	void servesUploadsInPartsUnderAnAlias(String uploads) {
		Answer upload = server.alice().post(uploads + "?api-version=preview", """
				{"purpose": "user_data", "filename": "a.txt", "bytes": 5, "mime_type": "text/plain"}""");
		assertThat(upload.status()).isEqualTo(200);
		Answer part = server.alice()
			.form(uploads + "/" + upload.text("id") + "/parts", new Form()
				.part("form-data; name=\"data\"; filename=\"x\"", "hello".getBytes(StandardCharsets.UTF_8)));
		Answer completed = server.alice()
			.post(uploads + "/" + upload.text("id") + "/complete", "{\"part_ids\": [\"" + part.text("id") + "\"]}");
		assertThat(completed.text("status")).isEqualTo("completed");
	}

	@Test
	void namesThePathThatWasAsked() {
		assertThat(server.alice().send("PUT", "/openai/files", BodyPublishers.noBody()).text("detail"))
			.isEqualTo("Method not allowed: PUT /openai/files.");
		assertThat(server.alice().get("/openai/v1/files/a/b?api-version=1").text("detail"))
			.startsWith("Unknown request URL: GET /openai/v1/files/a/b.");
		assertThat(server.alice().get("/v1/files/a/b").text("detail"))
			.startsWith("Unknown request URL: GET /v1/files/a/b.");
		assertThat(server.alice().get("/openai/v1/models").text("detail"))
			.startsWith("Unknown request URL: GET /openai/v1/models.");
	}

}
