package dev.stowage.api;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import dev.stowage.support.Answer;
import dev.stowage.support.Backing;
import dev.stowage.support.Caller;
import dev.stowage.support.OnEachBacking;
import dev.stowage.support.StowageServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/** Files in parts that go directly to the store, over HTTP. */
class PresignedPartUploadTests extends OnEachBacking {

	@TempDir
	static Path folder;

	private static StowageServer server;

	@BeforeParameterizedClassInvocation
	static void start(Backing backing) {
		server = StowageServer.start(backing, folder, "stowage.presigned.max-size=50GB");
	}

	@AfterParameterizedClassInvocation
	static void stop() {
		server.close();
	}

	@Test
	void takesAFileFromItsGrantToItsContent() {
		String json = '"' + "x".repeat(17 << 20) + '"';
		Answer grant = server.alice()
			.post("/v1/files", "{\"filename\": \"a.json\", \"bytes\": %d, \"parts\": true}".formatted(json.length()));
		assertThat(grant.status()).isEqualTo(200);
		assertThat(grant.json().has("upload_url")).isFalse();
		assertThat(grant.text("expires_in")).isEqualTo("600");
		List<String> sent = new ArrayList<>();
		int position = 0;
		for (JsonNode part : grant.json().path("upload_urls")) {
			int end = position + part.path("bytes").asInt();
			Answer put = Caller.sendTo(URI.create(part.path("url").asString()), "PUT", json.substring(position, end));
			assertThat(put.status()).isEqualTo(200);
			sent.add("{\"number\": %s, \"etag\": %s}".formatted(part.path("number"), put.header("ETag").orElseThrow()));
			position = end;
		}
		assertThat(position).isEqualTo(json.length());
		String path = "/v1/files/" + grant.text("id");
		assertThat(server.alice().get(path).text("status")).isEqualTo("pending");
		Answer completed = server.alice().post(path + "/complete", "{\"parts\": " + sent + "}");
		assertThat(completed.status()).as(completed.toString()).isEqualTo(200);
		assertThat(completed.text("status")).isEqualTo("completed");
		assertThat(completed.text("bytes")).isEqualTo(String.valueOf(json.length()));
		assertThat(server.alice().get(path + "/content", "Accept", "application/octet-stream").body()).isEqualTo(json);
		Answer again = server.alice().post(path + "/complete", "{\"parts\": " + sent + "}");
		assertThat(again.text("code")).isEqualTo("already_completed");
		assertThat(server.alice().get(path + "/upload_urls").text("code")).isEqualTo("already_completed");
	}

	@Test
	void sendsInPartsWhatOnePutCannotCarry() {
		Answer grant = server.alice().post("/v1/files", "{\"filename\": \"a.json\", \"bytes\": 5368709121}");
		assertThat(grant.json().path("upload_urls")).hasSize(100);
		String path = "/v1/files/" + grant.text("id");
		Answer rest = server.alice().get(path + "/upload_urls?from=301");
		assertThat(rest.json().path("data")).hasSize(21);
		assertThat(rest.json().at("/data/0/number").asInt()).isEqualTo(301);
		assertThat(rest.json().path("has_more").asBoolean()).isFalse();
		assertThat(server.alice().get(path + "/upload_urls?from=201").json().path("has_more").asBoolean()).isTrue();
		assertThat(server.alice().delete(path).status()).isEqualTo(200);
	}

	@Test
	void refusesAPartOfAnotherLengthThanItsUrlSays() {
		Answer grant = server.alice().post("/v1/files", "{\"filename\": \"a.json\", \"bytes\": 4, \"parts\": true}");
		URI url = URI.create(grant.json().at("/upload_urls/0/url").asString());
		assertThat(Caller.sendTo(url, "PUT", "[12345]").status()).isEqualTo(403);
		assertThat(Caller.sendTo(url, "PUT", "[]").status()).isEqualTo(403);
		assertThat(Caller.sendTo(url, "PUT", "[12]").status()).isEqualTo(200);
	}

	@Test
	void signsTheLengthOfOnePutIfTheClientSaysIt() {
		Answer grant = server.alice().post("/v1/files", "{\"filename\": \"a.json\", \"bytes\": 4}");
		URI url = URI.create(grant.text("upload_url"));
		assertThat(Caller.sendTo(url, "PUT", "[1]").status()).isEqualTo(403);
		assertThat(Caller.sendTo(url, "PUT", "[12]").status()).isEqualTo(200);
		assertThat(server.alice().post("/v1/files/" + grant.text("id") + "/complete").status()).isEqualTo(200);
	}

	@Test
	void signsFreshUrlsForTheSamePartsWhenAGrantIsRepeated() {
		String json = "{\"filename\": \"a.json\", \"bytes\": 2, \"parts\": true}";
		Answer first = server.alice().grant(json, "parts-1");
		Answer again = server.alice().grant(json, "parts-1");
		assertThat(again.text("id")).isEqualTo(first.text("id"));
		assertThat(again.header("Idempotency-Replayed")).contains("true");
		String other = "{\"filename\": \"a.json\", \"bytes\": 3, \"parts\": true}";
		assertThat(server.alice().grant(other, "parts-1").status()).isEqualTo(422);
		String whole = "{\"filename\": \"a.json\", \"bytes\": 2}";
		assertThat(server.alice().grant(whole, "parts-1").status()).isEqualTo(422);
		URI url = URI.create(again.json().at("/upload_urls/0/url").asString());
		String etag = Caller.sendTo(url, "PUT", "[]").header("ETag").orElseThrow();
		String parts = "{\"parts\": [{\"number\": 1, \"etag\": " + etag + "}]}";
		assertThat(server.alice().post("/v1/files/" + first.text("id") + "/complete", parts).status()).isEqualTo(200);
		assertThat(server.alice().grant(json, "parts-1").text("code")).isEqualTo("already_completed");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', nullValues = "-",
			textBlock = """
					{"filename": "a.json", "parts": true}             | bytes | 'bytes' is a required property of a file in parts
					{"filename": "a.json", "parts": 1, "bytes": 5}    | parts | 'parts' must be true or false
					{"filename": "a.json", "bytes": 5.5}              | bytes | 'bytes' must be a whole number
					{"filename": "a.json", "bytes": 0, "parts": true} | bytes | 'bytes' must be from 1 to 53687091200.
					{"filename": "a.json", "bytes": 53687091201}      | bytes | 'bytes' must be from 1 to 53687091200.
					""",
			quoteCharacter = '`')
	void refusesToCreate(String json, String param, String message) {
		requireRefused(server.alice().post("/v1/files", json), param, message);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', nullValues = "-",
			textBlock = """
					-                                         | -      | The body must be a JSON object such as {"parts": [{"number": 1, "etag": "..."}]}.
					{}                                        | parts  | 'parts' is a required property
					{"parts": 1}                              | parts  | 'parts' must be an array of objects
					{"parts": [1]}                            | parts  | 'parts' must be an array of objects
					{"parts": []}                             | parts  | 'parts' does not name part 1.
					{"parts": [{"number": 1}]}                | etag   | 'etag' is a required property
					{"parts": [{"number": "1", "etag": "x"}]} | number | 'number' must be a whole number
					{"parts": [{"number": 2, "etag": "x"}]}   | parts  | The file has the parts 1 to 1, and no part 2.
					{"parts": [{"number": 1, "etag": "x"}]}   | parts  | Part 1 was not uploaded. PUT it to its URL, then complete again.
					""",
			quoteCharacter = '`')
	void refusesToComplete(String json, String param, String message) {
		Answer grant = server.alice().post("/v1/files", "{\"filename\": \"a.json\", \"bytes\": 2, \"parts\": true}");
		String path = "/v1/files/" + grant.text("id") + "/complete";
		requireRefused((json != null) ? server.alice().post(path, json) : server.alice().post(path), param, message);
	}

	@Test
	void refusesUrlsOfFilesThatAreNotInParts() {
		Answer grant = server.alice().post("/v1/files", "{\"filename\": \"a.json\"}");
		requireRefused(server.alice().get("/v1/files/" + grant.text("id") + "/upload_urls"), "id",
				"The file " + grant.text("id") + " was not created in parts.");
		assertThat(server.bob().get("/v1/files/" + grant.text("id") + "/upload_urls").status()).isEqualTo(404);
		requireRefused(server.alice().get("/v1/files/" + grant.text("id") + "/upload_urls?from=0"), "from",
				"'from' must be a whole number from 1 to 10000.");
	}

	private static void requireRefused(Answer answer, String param, String message) {
		assertThat(answer.status()).as(answer.toString()).isEqualTo(400);
		assertThat(answer.text("code")).isEqualTo("validation_error");
		assertThat(answer.text("detail")).isEqualTo(message);
		assertThat(answer.json().at("/error/param").asString(null)).isEqualTo(param);
	}

}
