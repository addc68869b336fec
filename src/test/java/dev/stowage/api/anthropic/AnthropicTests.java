package dev.stowage.api.anthropic;

import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.stowage.storage.FailingObjectStore.Call;
import dev.stowage.storage.FailingObjectStore.Moment;
import dev.stowage.support.Answer;
import dev.stowage.support.Backing;
import dev.stowage.support.Caller;
import dev.stowage.support.Description;
import dev.stowage.support.Form;
import dev.stowage.support.OnEachBacking;
import dev.stowage.support.Projects;
import dev.stowage.support.RawConnection;
import dev.stowage.support.StowageServer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What raw requests in Anthropic's dialect get. Its SDKs are tried in
 * {@code anthropic.test.js}.
 */
class AnthropicTests extends OnEachBacking {

	private static final String[] PRESENT = { "anthropic-version", "2023-06-01" };

	private static final String[] BETA = { "anthropic-version", "2023-06-01", "anthropic-beta",
			"other-2025-01-01, files-api-2025-04-14" };

	private static final String MISSING = "file-000000000000000000000000000000";

	@TempDir
	static Path folder;

	private static StowageServer server;

	private Projects projects;

	private String project;

	private Caller app;

	@BeforeParameterizedClassInvocation
	static void start(Backing backing) {
		server = StowageServer.start(backing, folder, "stowage.admin-key=" + StowageServer.ADMIN,
				"stowage.max-file-size=1MB");
	}

	@AfterParameterizedClassInvocation
	static void stop() {
		server.close();
	}

	@BeforeEach
	void create() {
		this.projects = new Projects(server);
		this.project = this.projects.create("acme");
		this.app = key("");
	}

	private Caller key(String scopes) {
		return server.with(this.projects.key(this.project, scopes));
	}

	private static Answer upload(Caller caller, Form form) {
		return caller.send("POST", "/v1/files", BodyPublishers.ofByteArray(form.bytes()), "Content-Type",
				Form.CONTENT_TYPE, PRESENT[0], PRESENT[1]);
	}

	private List<String> uploaded(int count) {
		return IntStream.range(0, count)
			.mapToObj((number) -> upload(this.app, new Form().file("f" + number + ".txt", "x")).text("id"))
			.toList()
			.reversed();
	}

	private static void requireError(Answer answer, int status, String type, String message) {
		assertThat(answer.status()).as(answer.body()).isEqualTo(status);
		assertThat(answer.header("Content-Type")).contains("application/json");
		String id = answer.header("request-id").orElseThrow();
		assertThat(answer.header("x-request-id")).contains(id);
		JsonNode expected = new JsonMapper().createObjectNode()
			.put("type", "error")
			.put("request_id", id)
			.set("error",
					new JsonMapper().createObjectNode()
						.put("type", type)
						.put("message", answer.json().at("/error/message").asString()));
		assertThat(answer.json()).isEqualTo(expected);
		assertThat(answer.json().at("/error/message").asString()).contains(message);
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 49, 51, 120 })
	void listsEveryFileOnceInPagesOfAnySize(int limit) {
		List<String> ids = uploaded(121);
		List<String> found = new ArrayList<>();
		String page = "";
		do {
			Answer answer = this.app.get("/v1/files?limit=" + limit + page, PRESENT);
			found.addAll(answer.ids());
			page = answer.json().get("next_page").isNull() ? "" : "&page=" + answer.text("next_page");
			assertThat(answer.json().propertyNames()).containsExactly("data", "next_page");
		}
		while (!page.isEmpty());
		assertThat(found).isEqualTo(ids);
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 50, 120 })
	void listsWhatCameBeforeAFileInTheOldShape(int limit) {
		List<String> ids = uploaded(121);
		int end = 120;
		while (end > 0) {
			int start = Math.max(0, end - limit);
			Answer answer = this.app.get("/v1/files?limit=" + limit + "&before_id=" + ids.get(end), BETA);
			assertThat(answer.ids()).isEqualTo(ids.subList(start, end));
			assertThat(answer.json().get("has_more").asBoolean()).isEqualTo(start > 0);
			assertThat(answer.text("first_id")).isEqualTo(ids.get(start));
			assertThat(answer.text("last_id")).isEqualTo(ids.get(end - 1));
			end = start;
		}
		assertThat(this.app.get("/v1/files?before_id=" + ids.getFirst(), BETA).body())
			.isEqualTo("{\"data\":[],\"has_more\":false,\"first_id\":null,\"last_id\":null}");
	}

	@Test
	void listsTwentyUnlessAskedForMore() {
		List<String> ids = uploaded(21);
		assertThat(this.app.get("/v1/files", PRESENT).ids()).isEqualTo(ids.subList(0, 20));
		assertThat(this.app.get("/v1/files", BETA).ids()).isEqualTo(ids.subList(0, 20));
		assertThat(this.app.get("/v1/files?after_id=" + ids.get(19), BETA).ids()).isEqualTo(ids.subList(20, 21));
	}

	@Test
	void findsAHundredFilesByTheirIdsAndNoneOfOthers() {
		List<String> ids = uploaded(3);
		String foreign = server.bob().uploaded("user_data", "b", "x");
		String pending = this.app.post("/v1/files", "{\"filename\": \"a.json\"}").text("id");
		String asked = Stream.concat(Stream.of(foreign, pending, MISSING, "?", ids.get(2), ids.get(0)), ids.stream())
			.map((id) -> "ids[]=" + (id.equals("?") ? "%3F%00" : id))
			.reduce((one, two) -> one + "&" + two)
			.orElseThrow()
			.replace("[]", "%5B%5D");
		Answer answer = this.app.get("/v1/files?" + asked, PRESENT);
		assertThat(answer.ids()).containsExactly(ids.get(2), ids.get(0), ids.get(1));
		assertThat(answer.json().get("next_page").isNull()).isTrue();
		String many = IntStream.range(0, 100)
			.mapToObj((number) -> "ids=" + MISSING + number)
			.reduce((one, two) -> one + "&" + two)
			.orElseThrow();
		assertThat(this.app.get("/v1/files?" + many, PRESENT).ids()).isEmpty();
		requireError(this.app.get("/v1/files?ids=x&" + many, PRESENT), 400, "invalid_request_error",
				"at most 100 files");
		for (String other : List.of("page=" + ids.get(0), "limit=5")) {
			requireError(this.app.get("/v1/files?ids=" + ids.get(0) + "&" + other, PRESENT), 400,
					"invalid_request_error", "without 'page' and 'limit'");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "limit=0", "limit=1001", "limit=x", "page=x" })
	void refusesAListThatItDoesNotKnow(String query) {
		requireError(this.app.get("/v1/files?" + query, PRESENT), 400, "invalid_request_error",
				query.replaceFirst("=.*", ""));
	}

	@Test
	void refusesBothDirectionsAtOnce() {
		requireError(this.app.get("/v1/files?before_id=" + MISSING + "&after_id=" + MISSING, BETA), 400,
				"invalid_request_error", "not both");
	}

	@Test
	void needsNoPurposeAndIgnoresOne() {
		Answer answer = upload(this.app, new Form().field("purpose", "nonsense").file("a.png", "x"));
		assertThat(answer.status()).isEqualTo(200);
		assertThat(answer.text("mime_type")).isEqualTo("image/png");
		assertThat(this.app.get("/v1/files/" + answer.text("id")).text("purpose")).isEqualTo("user_data");
	}

	@Test
	void sendsTheBytesOfAFileThatCameByAnUploadUrl() {
		String id = this.app.completed("a.json", "{\"a\": 1}");
		Answer content = this.app.get("/v1/files/" + id + "/content", PRESENT);
		assertThat(content.body()).isEqualTo("{\"a\": 1}");
		assertThat(content.header("Content-Type")).contains("application/json");
		Answer some = this.app.get("/v1/files/" + id + "/content", PRESENT[0], PRESENT[1], "Range", "bytes=1-3");
		assertThat(some.status()).isEqualTo(206);
		assertThat(some.body()).isEqualTo("\"a\"");
	}

	@Test
	void saysThatContentDependsOnTheHeaderOfTheDialect() {
		String id = uploaded(1).getFirst();
		Answer content = this.app.get("/v1/files/" + id + "/content", PRESENT);
		assertThat(content.response().headers().allValues("Vary")).contains("anthropic-version");
	}

	@Test
	void ignoresTheEncodingOfABodyThatIsNotThere() {
		assertThat(this.app.get("/v1/files", PRESENT[0], PRESENT[1], "Content-Encoding", "gzip").status())
			.isEqualTo(200);
	}

	@Test
	void repeatsAnUploadWithTheSameKey() {
		BodyPublisher body = BodyPublishers.ofByteArray(new Form().file("a.txt", "x").bytes());
		String[] headers = { "Content-Type", Form.CONTENT_TYPE, PRESENT[0], PRESENT[1], "Idempotency-Key", "k" };
		Answer first = this.app.send("POST", "/v1/files", body, headers);
		Answer second = this.app.send("POST", "/v1/files", body, headers);
		assertThat(second.body()).isEqualTo(first.body());
		assertThat(second.header("Idempotency-Replayed")).contains("true");
	}

	@Test
	void drawsEveryRefusal() {
		requireError(this.app.get("/v1/files/" + MISSING, PRESENT), 404, "not_found_error", MISSING);
		requireError(this.app.get("/v1/nothing", PRESENT), 404, "not_found_error", "");
		requireError(server.with("sk-wrong-0123456789abcdef").get("/v1/files", PRESENT), 401, "authentication_error",
				"Incorrect API key provided");
		requireError(server.with("").get("/v1/files", PRESENT), 401, "authentication_error", "provide an API key");
		requireError(key(", \"scopes\": [\"files.write\"]").get("/v1/files", PRESENT), 403, "permission_error",
				"files.read");
		requireError(upload(this.app, new Form().field("x", "y")), 400, "invalid_request_error", "'file'");
		requireError(upload(this.app, new Form().file("large", "x".repeat(1024 * 1024 + 1))), 413, "request_too_large",
				"1048576");
		requireError(upload(this.app,
				new Form().file("a", "x").field("expires_in_seconds", "3600").field("expires_in_seconds", "3600")), 400,
				"invalid_request_error", "given twice");
		requireError(this.app.send("PUT", "/v1/files", BodyPublishers.noBody(), PRESENT), 405, "invalid_request_error",
				"");
		requireError(this.app.send("POST", "/v1/files", BodyPublishers.ofString("x"), "Content-Type", "text/plain",
				PRESENT[0], PRESENT[1]), 415, "invalid_request_error", "multipart/form-data");
	}

	@Test
	void callsAFullQuotaABadRequest() {
		this.projects.admin().post(Projects.PATH + "/" + this.project + "/quota", "{\"max_files\": 1}");
		assertThat(upload(this.app, new Form().file("a", "x")).status()).isEqualTo(200);
		Answer refused = upload(this.app, new Form().file("b", "x"));
		assertThat(refused.status()).isEqualTo(400);
		assertThat(refused.json().at("/error/type").asString()).isEqualTo("invalid_request_error");
		assertThat(refused.json().at("/error/details/error_code").asString()).isEqualTo("storage_quota_exceeded");
		assertThat(refused.json().at("/error/message").asString()).startsWith("Your quota is 1 file");
		assertThat(refused.header("x-should-retry")).contains("false");
	}

	@Test
	void callsARateLimitByItsName() {
		Answer set = this.projects.admin()
			.post(Projects.PATH + "/" + this.project + "/rate_limits/rl-files", "{\"max_requests_per_1_minute\": 1}");
		assertThat(set.status()).as(set.body()).isEqualTo(200);
		this.app.get("/v1/files", PRESENT);
		Answer answer = this.app.get("/v1/files", PRESENT);
		requireError(answer, 429, "rate_limit_error", "");
		assertThat(answer.header("Retry-After")).isPresent();
	}

	@Test
	void callsAStoreThatIsAwayOverloaded() {
		String id = uploaded(1).getFirst();
		server.store().fail(Moment.BEFORE, Call.OPEN_RANGE);
		try {
			Answer refused = this.app.get("/v1/files/" + id + "/content", PRESENT);
			requireError(refused, 529, "overloaded_error", "try again");
			assertThat(refused.header("Retry-After")).contains("5");
		}
		finally {
			server.store().heal();
		}
	}

	@Test
	void drawsWhatTheContainerRefuses() throws Exception {
		try (RawConnection connection = new RawConnection(server)) {
			connection
				.send(String.join("\r\n", "POST /v1/files HTTP/1.1", "Host: localhost", "anthropic-version: 2023-06-01",
						"Transfer-Encoding: chunked, chunked", "Content-Length: x", "", ""));
			assertThat(connection.answer()).contains("\"type\":\"error\"", "request-id: req_");
		}
	}

	@Test
	void describesWhatItAnswers() {
		Answer yaml = server.with("").get("/openapi-anthropic.yaml");
		assertThat(yaml.header("Content-Type")).contains("application/yaml");
		JsonNode description = new JsonMapper().valueToTree(new Yaml().<Object>load(yaml.body()));
		String id = uploaded(1).getFirst();
		Map<String, Answer> answers = Map.of("FileMetadata", this.app.get("/v1/files/" + id, PRESENT), "FileList",
				this.app.get("/v1/files", PRESENT), "BetaFileList", this.app.get("/v1/files", BETA), "DeletedFile",
				this.app.send("DELETE", "/v1/files/" + id, BodyPublishers.noBody(), PRESENT), "Error",
				this.app.get("/v1/files/" + id, PRESENT));
		answers.forEach((schema,
				answer) -> assertThat(Description.errors(description, "#/components/schemas/" + schema, answer.json()))
					.as(answer.body())
					.isEmpty());
	}

	@Test
	void leavesTheBodiesOfOthersAsTheyAre() {
		for (String[] headers : List.of(new String[] { "Accept", "*/*" },
				new String[] { "anthropic-beta", "files-api-2025-04-14" })) {
			Answer answer = this.app.get("/v1/files/" + MISSING, headers);
			assertThat(answer.header("Content-Type")).contains("application/problem+json");
			assertThat(answer.header("request-id")).isEmpty();
			assertThat(answer.text("code")).isEqualTo("file_not_found");
		}
	}

}
