package dev.stowage.api.admin;

import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import dev.stowage.keys.KeyTexts;
import dev.stowage.support.Answer;
import dev.stowage.support.Backing;
import dev.stowage.support.Caller;
import dev.stowage.support.Form;
import dev.stowage.support.OnEachBacking;
import dev.stowage.support.StowageServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/** Projects, service accounts and keys that are made while the server runs. */
class AdministrationTests extends OnEachBacking {

	private static final String PROJECTS = "/v1/organization/projects";

	@TempDir
	static Path folder;

	private static StowageServer server;

	private Caller admin;

	@BeforeParameterizedClassInvocation
	static void start(Backing backing) {
		server = StowageServer.start(backing, folder, "stowage.admin-key=" + StowageServer.ADMIN);
	}

	@AfterParameterizedClassInvocation
	static void stop() {
		server.close();
	}

	@BeforeEach
	void call() {
		this.admin = server.with(StowageServer.ADMIN);
	}

	@AfterEach
	void setClock() {
		server.clock().reset();
	}

	private String project(String name) {
		return this.admin.post(PROJECTS, "{\"name\": \"" + name + "\"}").text("id");
	}

	private JsonNode account(String project, String more) {
		Answer made = this.admin.post(PROJECTS + "/" + project + "/service_accounts",
				"{\"name\": \"app\"" + more + "}");
		assertThat(made.status()).as(made.body()).isEqualTo(200);
		return made.json();
	}

	private static Caller with(JsonNode account) {
		return server.with(account.at("/api_key/value").asString());
	}

	@Test
	void makesAProjectAndAKeyThatOpensIt() {
		Answer project = this.admin.post(PROJECTS, "{\"name\": \"Acme & Söhne\"}");
		assertThat(project.status()).isEqualTo(200);
		assertThat(project.text("object")).isEqualTo("organization.project");
		assertThat(project.text("name")).isEqualTo("Acme & Söhne");
		assertThat(project.text("status")).isEqualTo("active");
		assertThat(project.json().get("archived_at").isNull()).isTrue();
		String id = project.text("id");
		assertThat(this.admin.get(PROJECTS + "/" + id).body()).isEqualTo(project.body());
		JsonNode account = account(id, "");
		assertThat(account.get("object").asString()).isEqualTo("organization.project.service_account");
		assertThat(account.get("role").asString()).isEqualTo("member");
		assertThat(account.at("/api_key/object").asString()).isEqualTo("organization.project.service_account.api_key");
		assertThat(account.at("/api_key/value").asString()).matches("sk-[0-9A-Za-z]{61}");
		Caller app = with(account);
		String file = app.uploaded("user_data", "a", "x");
		assertThat(app.get("/v1/files").ids()).containsExactly(file);
		assertThat(server.alice().get("/v1/files/" + file).status()).isEqualTo(404);
		String shown = this.admin.get(PROJECTS + "/" + id + "/service_accounts").body()
				+ this.admin.get(PROJECTS + "/" + id + "/api_keys").body();
		assertThat(shown).contains(account.get("id").asString())
			.contains(account.at("/api_key/id").asString())
			.doesNotContain(account.at("/api_key/value").asString().substring(15));
	}

	@Test
	void makesASecondKeyOfAnAccountAndRevokesTheFirst() {
		String id = project("two");
		JsonNode account = account(id, "");
		String accounts = PROJECTS + "/" + id + "/service_accounts/" + account.get("id").asString();
		Answer second = this.admin.post(accounts + "/api_keys", "{\"name\": \"next\"}");
		assertThat(second.status()).isEqualTo(200);
		String keys = PROJECTS + "/" + id + "/api_keys/";
		assertThat(ids(this.admin.get(keys.substring(0, keys.length() - 1)))).hasSize(2);
		String first = account.at("/api_key/id").asString();
		assertThat(this.admin.get(keys + first).json().at("/owner/service_account/id").asString())
			.isEqualTo(account.get("id").asString());
		assertThat(with(account).get("/v1/files").status()).isEqualTo(200);
		Answer revoked = this.admin.delete(keys + first);
		assertThat(revoked.json().get("deleted").asBoolean()).isTrue();
		assertThat(revoked.text("object")).isEqualTo("organization.project.api_key.deleted");
		Answer refused = with(account).get("/v1/files");
		assertThat(refused.status()).isEqualTo(401);
		assertThat(refused.body()).contains("was revoked").contains("\"code\":\"invalid_api_key\"");
		assertThat(this.admin.delete(keys + first).status()).isEqualTo(404);
		assertThat(server.with(second.text("value")).get("/v1/files").status()).isEqualTo(200);
		assertThat(this.admin.delete(accounts).text("object"))
			.isEqualTo("organization.project.service_account.deleted");
		assertThat(server.with(second.text("value")).get("/v1/files").status()).isEqualTo(401);
		assertThat(this.admin.get(accounts).status()).isEqualTo(404);
	}

	@Test
	void closesAnArchivedProjectAndKeepsItsFiles() {
		String id = project("old");
		JsonNode account = account(id, "");
		JsonNode service = account(project("service"), ", \"scopes\": [\"files.read\", \"owners.all\"]");
		String file = with(account).uploaded("user_data", "a", "x");
		Answer archived = this.admin.post(PROJECTS + "/" + id + "/archive");
		assertThat(archived.text("status")).isEqualTo("archived");
		assertThat(archived.json().get("archived_at").asLong()).isPositive();
		assertThat(with(account).get("/v1/files/" + file).status()).isEqualTo(401);
		assertThat(with(account).get("/v1/files/" + file).body()).contains("archived");
		assertThat(this.admin.post(PROJECTS + "/" + id + "/archive").body()).isEqualTo(archived.body());
		assertThat(ids(this.admin.get(PROJECTS + "?limit=100"))).doesNotContain(id);
		assertThat(ids(this.admin.get(PROJECTS + "?limit=100&include_archived=true"))).contains(id);
		assertThat(this.admin.post(PROJECTS + "/" + id + "/service_accounts", "{\"name\": \"b\"}").status())
			.isEqualTo(400);
		assertThat(with(service).get("/v1/files/" + file, "OpenAI-Project", id).text("code"))
			.isEqualTo("project_not_found");
	}

	@Test
	void letsAKeyOnlyRead() {
		String id = project("reader");
		String file = with(account(id, "")).uploaded("user_data", "a", "x");
		Caller reader = with(account(id, ", \"scopes\": [\"files.read\"]"));
		assertThat(reader.get("/v1/files/" + file + "/content").body()).isEqualTo("x");
		for (Answer refused : List.of(reader.delete("/v1/files/" + file),
				reader.upload(
						new Form().field("purpose", "user_data").file("a", "x".getBytes(StandardCharsets.US_ASCII))),
				reader.post("/v1/files", "{\"filename\": \"b.json\"}"), reader.post("/v1/files/" + file + "/complete"),
				reader.get("/v1/files/" + file + "/upload_urls"), reader.get("/v1/uploads/upload_x"),
				reader.send("PATCH", "/v1/uploads/upload_x", HttpRequest.BodyPublishers.ofString("x")))) {
			assertThat(refused.status()).isEqualTo(403);
			assertThat(refused.text("code")).isEqualTo("insufficient_scope");
			assertThat(refused.body()).contains("'files.write'");
		}
		Caller writer = with(account(id, ", \"scopes\": [\"files.write\"]"));
		assertThat(writer.get("/v1/files/" + file + "/content").text("code")).isEqualTo("insufficient_scope");
		assertThat(writer.delete("/v1/files/" + file).status()).isEqualTo(200);
	}

	@Test
	void letsAServiceActForOthers() {
		String owner = project("customer");
		Caller customer = with(account(owner, ""));
		String file = customer.uploaded("batch", "a.jsonl", "{}");
		Caller service = with(
				account(project("batches"), ", \"scopes\": [\"files.read\", \"files.write\", \"owners.all\"]"));
		assertThat(service.get("/v1/files").ids()).isEmpty();
		assertThat(service.get("/v1/files", "OpenAI-Project", owner).ids()).containsExactly(file);
		assertThat(service.get("/v1/files", "OpenAI-Project", "alice").status()).isEqualTo(200);
		Form output = new Form().field("purpose", "batch_output").file("b.jsonl", "{}");
		Answer made = service.send("POST", "/v1/files", HttpRequest.BodyPublishers.ofByteArray(output.bytes()),
				"OpenAI-Project", owner, "Content-Type", Form.CONTENT_TYPE);
		assertThat(made.text("purpose")).isEqualTo("batch_output");
		assertThat(service.get("/v1/files?purpose=batch_output", "OpenAI-Project", owner).ids())
			.containsExactly(made.text("id"));
		assertThat(customer.get("/v1/files?purpose=batch_output").ids()).containsExactly(made.text("id"));
		assertThat(customer.get("/v1/files/" + made.text("id") + "/content").body()).isEqualTo("{}");
		assertThat(server.alice().upload(output).text("code")).isEqualTo("validation_error");
		for (String unknown : List.of("nobody", "x/y", "proj_000000000000000000000000")) {
			Answer refused = service.get("/v1/files", "OpenAI-Project", unknown);
			assertThat(refused.status()).as(unknown).isEqualTo(400);
			assertThat(refused.text("code")).isEqualTo("project_not_found");
		}
		// the header of other keys is ignored, as before
		assertThat(server.alice().get("/v1/files/" + file, "OpenAI-Project", owner).status()).isEqualTo(404);
	}

	@ParameterizedTest
	@ValueSource(strings = { "x-api-key", "api-key", "X-API-KEY" })
	void acceptsTheKeyInOtherHeaders(String header) {
		assertThat(server.with("").get("/v1/files", header, StowageServer.ALICE).status()).isEqualTo(200);
		assertThat(server.alice().get("/v1/files", header, StowageServer.ALICE).status()).isEqualTo(200);
		Answer both = server.alice().get("/v1/files", header, StowageServer.BOB);
		assertThat(both.status()).isEqualTo(400);
		assertThat(both.body()).contains("two different API keys").doesNotContain(StowageServer.BOB);
		assertThat(server.with("").get("/v1/files", header, "sk-wrong-0123456789").status()).isEqualTo(401);
	}

	static Stream<String> wrongKeys() {
		return Stream.of("unknown id", "wrong secret", "typing error");
	}

	@ParameterizedTest
	@MethodSource("wrongKeys")
	void refusesAKeyWith(String fault) {
		String right = account(project("p"), "").at("/api_key/value").asString();
		String wrong = switch (fault) {
			case "unknown id" -> KeyTexts.withId(right, "000000000000");
			case "wrong secret" -> KeyTexts.withSecret(right, "0".repeat(43));
			default -> right.substring(0, 63) + (right.endsWith("0") ? "1" : "0");
		};
		Answer refused = server.with(wrong).get("/v1/files");
		assertThat(refused.status()).isEqualTo(401);
		assertThat(refused.text("code")).isEqualTo("invalid_api_key");
		assertThat(refused.body()).contains(fault.equals("typing error") ? "typing error" : "Incorrect API key")
			.doesNotContain(wrong.substring(10));
	}

	@Test
	void pagesThroughLists() {
		String id = project("pages");
		List<String> made = Stream.generate(() -> account(id, "").get("id").asString()).limit(3).sorted().toList();
		Answer first = this.admin.get(PROJECTS + "/" + id + "/service_accounts?limit=2");
		assertThat(ids(first)).isEqualTo(made.subList(0, 2));
		assertThat(first.json().get("has_more").asBoolean()).isTrue();
		assertThat(first.text("last_id")).isEqualTo(made.get(1));
		Answer rest = this.admin.get(PROJECTS + "/" + id + "/service_accounts?limit=2&after=" + made.get(1));
		assertThat(ids(rest)).isEqualTo(made.subList(2, 3));
		assertThat(rest.json().get("has_more").asBoolean()).isFalse();
		assertThat(this.admin.get(PROJECTS + "?limit=0").status()).isEqualTo(400);
	}

	private static List<String> ids(Answer answer) {
		assertThat(answer.status()).as(answer.body()).isEqualTo(200);
		return StreamSupport.stream(answer.json().get("data").spliterator(), false)
			.map((entry) -> entry.get("id").asString())
			.toList();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			{}                                        | is a required property
			{"name": ""}                              | A name has 1 to 200 characters
			{"name": 1}                               | must be a string
			{"name": "a\\u0001"}                       | no control characters
			[]                                        | The body must be a JSON object
			""")
	void refusesWhatIsNoName(String body, String message) {
		String id = project("names");
		for (String path : List.of(PROJECTS, PROJECTS + "/" + id, PROJECTS + "/" + id + "/service_accounts")) {
			Answer refused = this.admin.post(path, body);
			assertThat(refused.status()).as(path).isEqualTo(400);
			assertThat(refused.body()).contains(message);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "[]", "[\"all\"]", "\"files.read\"", "[1]" })
	void refusesWhatAreNoScopes(String scopes) {
		Answer refused = this.admin.post(PROJECTS + "/" + project("s") + "/service_accounts",
				"{\"name\": \"a\", \"scopes\": " + scopes + "}");
		assertThat(refused.status()).isEqualTo(400);
		assertThat(refused.json().at("/error/param").asString()).isEqualTo("scopes");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/nobody", "/nobody/service_accounts", "/nobody/api_keys", "/x y/api_keys",
			"/nobody/api_keys/a", "/nobody/service_accounts/a" })
	void doesNotKnow(String path) {
		Answer answer = this.admin.get(PROJECTS + path.replace(" ", "%20"));
		assertThat(answer.status()).isEqualTo(404);
		assertThat(answer.text("code")).isEqualTo("project_not_found");
	}

	@Test
	void showsNoKeyOfAnotherProject() {
		JsonNode account = account(project("a"), "");
		String other = PROJECTS + "/" + project("b");
		String key = account.at("/api_key/id").asString();
		assertThat(this.admin.get(other + "/api_keys/" + key).text("code")).isEqualTo("api_key_not_found");
		assertThat(this.admin.delete(other + "/api_keys/" + key).status()).isEqualTo(404);
		assertThat(this.admin.get(other + "/service_accounts/" + account.get("id").asString()).status()).isEqualTo(404);
		assertThat(with(account).get("/v1/files").status()).isEqualTo(200);
	}

	@Test
	void opensWithItsOwnKeyOnlyAndNothingElse() {
		assertThat(server.alice().get(PROJECTS).status()).isEqualTo(401);
		assertThat(server.with("").get(PROJECTS).status()).isEqualTo(401);
		assertThat(with(account(project("p"), ", \"scopes\": [\"owners.all\"]")).get(PROJECTS).status()).isEqualTo(401);
		assertThat(this.admin.get("/v1/files").status()).isEqualTo(401);
		assertThat(this.admin.get("/actuator/prometheus").status()).isEqualTo(401);
		assertThat(this.admin.get("/v1/organization/nothing").status()).isEqualTo(404);
	}

	@Test
	void notesWhenAKeyWasUsed() throws Exception {
		String id = project("used");
		JsonNode account = account(id, "");
		String key = PROJECTS + "/" + id + "/api_keys/" + account.at("/api_key/id").asString();
		assertThat(this.admin.get(key).json().get("last_used_at").isNull()).isTrue();
		with(account).get("/v1/files");
		server.clock().move(Duration.ofSeconds(1));
		server.noteUses();
		assertThat(this.admin.get(key).json().get("last_used_at").asLong()).isPositive();
	}

}
