package dev.stowage.api;

import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

import dev.stowage.support.Answer;
import dev.stowage.support.Backing;
import dev.stowage.support.Caller;
import dev.stowage.support.Form;
import dev.stowage.support.OnEachBacking;
import dev.stowage.support.StowageServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;

/** What clients of other vendors than OpenAI ask, as they ask it. */
class VendorTests extends OnEachBacking {

	private static final Form HELLO = new Form().field("purpose", "user_data").file("a.txt", "hello");

	@TempDir
	static Path folder;

	private static StowageServer server;

	@BeforeParameterizedClassInvocation
	static void start(Backing backing) {
		server = StowageServer.start(backing, folder, "stowage.purposes=file-extract,ocr");
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

	@Test
	void takesAnExpiryInSecondsAsXaiSendsIt() {
		Answer form = server.alice()
			.upload(new Form().field("purpose", "assistants").field("expires_after", "3600").file("a.txt", "x"));
		assertThat(form.json().path("expires_at").asLong()).isEqualTo(form.json().path("created_at").asLong() + 3600);
		Answer upload = server.alice().post("/v1/uploads", """
				{"purpose": "user_data", "filename": "a.txt", "bytes": 5, "mime_type": "text/plain",
				"expires_after": 2592000}""");
		assertThat(upload.status()).isEqualTo(200);
	}

	@ParameterizedTest
	@ValueSource(strings = { "3599", "2592001", "-3600", "3600.5", "4e3", "36000000000000000000000" })
	void refusesOtherNumbersOfSeconds(String seconds) {
		Answer form = server.alice()
			.upload(new Form().field("purpose", "user_data").field("expires_after", seconds).file("a.txt", "x"));
		Answer upload = server.alice().post("/v1/uploads", """
				{"purpose": "user_data", "filename": "a.txt", "bytes": 5, "mime_type": "text/plain",
				"expires_after": %s}""".formatted(seconds));
		for (Answer answer : List.of(form, upload)) {
			assertThat(answer.status()).isEqualTo(400);
			assertThat(answer.text("detail"))
				.isEqualTo("'expires_after[seconds]' must be a whole number from 3600 to 2592000.");
		}
	}

	@Test
	void linksToContentAsMistralAsks() {
		String path = "/v1/files/" + server.alice().form("/v1/files", HELLO).text("id") + "/url";
		Answer usual = server.alice().get(path);
		assertThat(usual.json().propertyNames()).containsExactly("url");
		assertThat(usual.text("url")).contains("X-Amz-Expires=86400");
		assertThat(usual.header("Cache-Control").orElseThrow()).contains("no-store");
		assertThat(Caller.sendTo(URI.create(usual.text("url")), "GET", "").body()).isEqualTo("hello");
		assertThat(server.alice().get(path + "?expiry=168").text("url")).contains("X-Amz-Expires=604800");
		assertThat(server.alice().get(path + "?expiry=1").text("url")).contains("X-Amz-Expires=3600");
		assertThat(server.bob().get(path).status()).isEqualTo(404);
	}

	@Test
	void endsALinkWithItsFile() {
		Answer file = server.alice()
			.upload(new Form().field("purpose", "user_data").field("expires_after", "7200").file("a.txt", "x"));
		assertThat(server.alice().get("/v1/files/" + file.text("id") + "/url").text("url"))
			// a second may pass between both requests
			.containsPattern("X-Amz-Expires=(7200|7199)&");
	}

	@ParameterizedTest
	@ValueSource(strings = { "0", "169", "-1", "1.5", "x" })
	void refusesOtherHours(String hours) {
		String id = server.alice().form("/v1/files", HELLO).text("id");
		Answer answer = server.alice().get("/v1/files/" + id + "/url?expiry=" + hours);
		assertThat(answer.status()).isEqualTo(400);
		assertThat(answer.json().path("error").path("param").asString()).isEqualTo("expiry");
	}

	@Test
	void linksToNoFileWithoutContent() {
		Answer pending = server.alice().post("/v1/files", "{\"filename\": \"a.json\"}");
		Answer answer = server.alice().get("/v1/files/" + pending.text("id") + "/url");
		assertThat(answer.status())
			.isEqualTo(server.alice().get("/v1/files/" + pending.text("id") + "/content").status())
			.isBetween(400, 499);
	}

	@Test
	void takesFurtherPurposesInEveryUploadThroughTheServer() {
		Caller alice = server.alice();
		Answer form = alice.upload(new Form().file("a.pdf", "x").field("purpose", "file-extract"));
		Answer upload = alice.post("/v1/uploads", """
				{"purpose": "file-extract", "filename": "a.txt", "bytes": 1, "mime_type": "text/plain"}""");
		Answer part = alice.form("/v1/uploads/" + upload.text("id") + "/parts",
				new Form().part("form-data; name=\"data\"; filename=\"x\"", new byte[1]));
		Answer inParts = alice.post("/v1/uploads/" + upload.text("id") + "/complete",
				"{\"part_ids\": [\"" + part.text("id") + "\"]}");
		Answer tus = alice.send("POST", "/v1/uploads", BodyPublishers.ofString("x"), "Tus-Resumable", "1.0.0",
				"Content-Type", "application/offset+octet-stream", "Upload-Length", "1", "Upload-Metadata",
				"purpose " + Base64.getEncoder().encodeToString("file-extract".getBytes(StandardCharsets.UTF_8)));
		Answer resumable = alice.send("POST", "/v1/files?purpose=file-extract", BodyPublishers.ofString("x"),
				"Upload-Complete", "?1");
		assertThat(form.text("purpose")).isEqualTo("file-extract");
		assertThat(form.json().path("expires_at").isNull()).isTrue();
		assertThat(alice.get("/v1/files/" + form.text("id")).body()).isEqualTo(form.body());
		assertThat(alice.get("/v1/files?purpose=file-extract").ids()).containsExactlyInAnyOrder(form.text("id"),
				inParts.json().at("/file/id").asString(), tus.header("Stowage-File-Id").orElseThrow(),
				resumable.text("id"));
		assertThat(alice.get("/v1/usage").json().path("by_purpose").valueStream())
			.anySatisfy((usage) -> assertThat(usage.path("purpose").asString()).isEqualTo("file-extract"));
	}

	@Test
	void namesFurtherPurposesAtTheEndOfARefusal() {
		assertThat(server.alice().upload(new Form().field("purpose", "audio").file("a", "x")).text("detail"))
			.isEqualTo("'audio' is not one of ['fine-tune', 'assistants', 'batch', 'user_data', 'vision', 'evals',"
					+ " 'file-extract', 'ocr'] - 'purpose'");
		assertThat(server.alice().get("/v1/files?purpose=audio").text("detail"))
			.endsWith("'fine-tune-results', 'file-extract', 'ocr'] - 'purpose'");
		assertThat(server.alice().post("/v1/files", "{\"filename\": \"a.json\", \"purpose\": \"ocr\"}").text("detail"))
			.isEqualTo("'ocr' is not one of ['context', 'batch'] - 'purpose'");
	}

	@Test
	void keepsFilesOfAPurposeThatIsNoLongerAllowed() {
		String id = server.alice().uploaded("ocr", "a.pdf", "hello");
		JdbcClient.create(server.database())
			.sql("UPDATE file SET purpose = 'x:former' WHERE id = :id")
			.param("id", id)
			.update();
		Answer file = server.alice().get("/v1/files/" + id);
		assertThat(file.text("purpose")).isEqualTo("former");
		assertThat(server.alice().get("/v1/files").ids()).contains(id);
		assertThat(server.alice().get("/v1/files/" + id + "/content").body()).isEqualTo("hello");
		assertThat(server.alice().get("/v1/usage").body()).contains("\"purpose\":\"former\"");
		assertThat(server.alice().delete("/v1/files/" + id).status()).isEqualTo(200);
		assertThat(server.alice().get("/v1/files/" + id).status()).isEqualTo(404);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			metadata[b]   | 2   | metadata[a] | 1
			metadata      | {"b": "2", "a": "1"} | other | ignored
			metadata      | {"a": "1"} | metadata[b] | 2
			""")
	void keepsMetadataOfAFormAndReturnsIt(String field, String value, String other, String otherValue) {
		Form form = new Form().field("purpose", "user_data").field(field, value).file("a.txt", "x");
		Answer file = server.alice().upload(form.field(other, otherValue));
		assertThat(file.body()).endsWith("\"status_details\":null,\"metadata\":{\"a\":\"1\",\"b\":\"2\"}}");
		assertThat(server.alice().get("/v1/files/" + file.text("id")).body()).isEqualTo(file.body());
		assertThat(server.alice().get("/v1/files").body()).contains(file.body());
		server.alice().delete("/v1/files/" + file.text("id"));
	}

	@Test
	void keepsMetadataOfJsonAndReturnsItWithTheFile() {
		String metadata = "{\"k\":\"\\\"ü😀\\\\\"}";
		String granted = server.alice()
			.post("/v1/files", "{\"filename\": \"a.json\", \"metadata\": " + metadata + "}")
			.text("id");
		assertThat(server.alice().get("/v1/files/" + granted).body()).endsWith("\"metadata\":" + metadata + "}");
		String parts = server.alice()
			.post("/v1/files", "{\"filename\": \"a.json\", \"bytes\": 2, \"parts\": true, \"metadata\": {}}")
			.text("id");
		assertThat(server.alice().get("/v1/files/" + parts).body()).endsWith("\"metadata\":{}}");
		Answer upload = server.alice()
			.post("/v1/uploads",
					"""
							{"purpose": "user_data", "filename": "a.txt", "bytes": 1, "mime_type": "text/plain", "metadata": %s}"""
						.formatted(metadata));
		Answer part = server.alice()
			.form("/v1/uploads/" + upload.text("id") + "/parts",
					new Form().part("form-data; name=\"data\"; filename=\"x\"", new byte[1]));
		Answer completed = server.alice()
			.post("/v1/uploads/" + upload.text("id") + "/complete", "{\"part_ids\": [\"" + part.text("id") + "\"]}");
		assertThat(completed.body()).endsWith("\"metadata\":" + metadata + "}}");
		assertThat(server.alice().get("/v1/files?metadata[k]=%22%C3%BC%F0%9F%98%80%5C").ids())
			.containsExactly(completed.json().at("/file/id").asString());
	}

	@Test
	void keepsMetadataOfAFileThatIsCompleted() {
		Answer granted = server.alice()
			.post("/v1/files", "{\"filename\": \"a.json\", \"metadata\": {\"flow\": \"signed\"}}");
		assertThat(server.alice().get("/v1/files?metadata[flow]=signed").ids()).isEmpty();
		Caller.sendTo(URI.create(granted.text("upload_url")), "PUT", "[]");
		Answer completed = server.alice().post("/v1/files/" + granted.text("id") + "/complete");
		assertThat(completed.body()).endsWith("\"metadata\":{\"flow\":\"signed\"}}");
		assertThat(server.alice().get("/v1/files?metadata[flow]=signed").ids()).containsExactly(granted.text("id"));
	}

	@Test
	void listsFilesByAllTheirPairs() {
		Caller bob = server.bob();
		List<String> ids = new ArrayList<>();
		for (int i = 0; i < 6; i++) {
			Form form = new Form().field("purpose", (i < 3) ? "vision" : "evals").field("metadata[all]", "x y");
			ids.add(bob.upload(form.field("metadata[odd]", String.valueOf(i % 2)).file("a.txt", "x")).text("id"));
		}
		bob.uploaded("vision", "a.txt", "x");
		List<String> odd = List.of(ids.get(1), ids.get(3), ids.get(5));
		assertThat(bob.get("/v1/files?metadata[all]=x%20y&order=asc").ids()).isEqualTo(ids);
		assertThat(bob.get("/v1/files?metadata%5Ball%5D=x+y&metadata[odd]=1&order=asc").ids()).isEqualTo(odd);
		assertThat(bob.get("/v1/files?metadata[odd]=1&limit=2").ids()).isEqualTo(odd.subList(1, 3).reversed());
		assertThat(bob.get("/v1/files?metadata[odd]=1&after=" + odd.get(1)).ids()).containsExactly(odd.getFirst());
		assertThat(bob.get("/v1/files?metadata[odd]=1&purpose=vision").ids()).containsExactly(odd.getFirst());
		assertThat(bob.get("/v1/files?metadata[all]=X%20y").ids()).isEmpty();
		assertThat(bob.get("/v1/files?metadata[odd]=1&metadata[all]=z").ids()).isEmpty();
		assertThat(server.alice().get("/v1/files?metadata[odd]=1").ids()).isEmpty();
		bob.delete("/v1/files/" + odd.getLast());
		assertThat(bob.get("/v1/files?metadata[odd]=1&metadata[all]=x%20y&order=asc").ids())
			.isEqualTo(odd.subList(0, 2));
	}

	@ParameterizedTest
	@ValueSource(strings = { "metadata=x", "metadata[]=x", "metadata[a=x", "metadata[a][b]=x",
			"metadata[a]=x&metadata[a]=y", "metadata[a]=%00", "metadata={}" })
	void refusesOtherFiltersOfMetadata(String query) {
		requireRefused(server.alice().get("/v1/files?" + query.replace("{", "%7B").replace("}", "%7D")));
	}

	@ParameterizedTest
	@ValueSource(strings = { "[]", "1", "\"x\"", "{\"a\": 1}", "{\"a\": null}", "{\"a\": {\"b\": \"c\"}}",
			"{\"\": \"x\"}", "{\"a\": \"\\u0000\"}", "{\"a\": \"\\ud800\"}", "{\"a\\u0000\": \"x\"}" })
	void refusesOtherMetadata(String metadata) {
		requireRefused(server.alice().post("/v1/files", "{\"filename\": \"a.json\", \"metadata\": " + metadata + "}"));
		requireRefused(server.alice()
			.post("/v1/uploads", """
					{"purpose": "user_data", "filename": "a", "bytes": 1, "mime_type": "text/plain", "metadata": %s}"""
				.formatted(metadata)));
		requireRefused(server.alice()
			.upload(new Form().field("purpose", "user_data").field("metadata", metadata).file("a.txt", "x")));
	}

	private static void requireRefused(Answer answer) {
		assertThat(answer.status()).as(answer.toString()).isEqualTo(400);
		assertThat(answer.json().path("error").path("param").asString()).isEqualTo("metadata");
	}

	@Test
	void comparesTheMetadataOfARepeatAndReturnsItAgain() {
		Form form = new Form().field("purpose", "user_data").field("metadata[run]", "1").file("a.txt", "x");
		Answer first = server.alice().upload(form, "with-metadata");
		assertThat(server.alice().upload(form, "with-metadata").body()).isEqualTo(first.body())
			.contains("\"metadata\":{\"run\":\"1\"}");
		Form other = new Form().field("purpose", "user_data").field("metadata[run]", "2").file("a.txt", "x");
		assertThat(server.alice().upload(other, "with-metadata").status()).isEqualTo(422);
		String grant = "{\"filename\": \"a.json\", \"metadata\": {\"run\": \"%d\"}}";
		assertThat(server.alice().grant(grant.formatted(1), "granted").status()).isEqualTo(200);
		assertThat(server.alice().grant(grant.formatted(1), "granted").status()).isEqualTo(200);
		assertThat(server.alice().grant(grant.formatted(2), "granted").status()).isEqualTo(422);
	}

}
