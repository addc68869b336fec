package dev.stowage.http.audit;

import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import dev.stowage.keys.KeyTexts;
import dev.stowage.support.Answer;
import dev.stowage.support.Caller;
import dev.stowage.support.Form;
import dev.stowage.support.RawConnection;
import dev.stowage.support.StowageServer;
import dev.stowage.support.TestIssuer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

import static dev.stowage.support.Soon.await;
import static org.assertj.core.api.Assertions.assertThat;

/** The lines that say who did what. */
@ExtendWith(OutputCaptureExtension.class)
class AuditTests {

	private static final String NAME = "secret-name.txt";

	private static final String PROJECTS = "/v1/organization/projects";

	@TempDir
	static Path folder;

	@TempDir
	static Path quietFolder;

	private static StowageServer server;

	@BeforeAll
	static void start() {
		server = StowageServer.start(folder, "stowage.audit=on", "stowage.admin-key=" + StowageServer.ADMIN);
	}

	@AfterAll
	static void stop() {
		server.close();
	}

	@AfterEach
	void revealNothing(CapturedOutput output) {
		assertThat(lines(output)).allSatisfy((line) -> assertThat(line).doesNotContain(NAME)
			.doesNotContain(StowageServer.ALICE)
			.doesNotContain(StowageServer.ADMIN)
			.doesNotContain("http"));
	}

	/** Each from its action on. */
	private static List<String> lines(CapturedOutput output) {
		return output.getAll()
			.lines()
			.filter((line) -> line.contains("stowage.audit"))
			.map((line) -> line.substring(line.lastIndexOf(" : ") + 3))
			.toList();
	}

	/** The line is written after the answer. */
	private static void requireLine(CapturedOutput output, String action, Answer answer, String rest) {
		String line = action + " request=" + answer.header("x-request-id").orElseThrow() + " " + rest;
		await().untilAsserted(() -> assertThat(lines(output)).contains(line));
	}

	@Test
	void sayWhatHappenedToAFile(CapturedOutput output) {
		Caller alice = server.alice();
		Answer created = alice.upload(new Form().field("purpose", "user_data").file(NAME, "hello"));
		String id = created.text("id");
		String rest = "owner=alice key=- address=127.0.0.1 project=- id=" + id + " status=200 code=-";
		requireLine(output, "file.create", created, rest);
		String file = "/v1/files/" + id;
		requireLine(output, "file.read", alice.get(file + "/content"), rest);
		requireLine(output, "file.link", alice.get(file + "/content?expires_in=60"), rest);
		Answer shown = alice.get(file);
		requireLine(output, "file.delete", alice.delete(file), rest);
		requireLine(output, "file.read", alice.get(file + "/content"),
				rest.replace("status=200 code=-", "status=404 code=file_not_found"));
		assertThat(lines(output)).noneMatch((line) -> line.contains(shown.header("x-request-id").orElseThrow()));
	}

	@Test
	void sayWhatHappenedToUploadsOfOtherKinds(CapturedOutput output) {
		Caller alice = server.alice();
		Answer grant = alice.post("/v1/files", "{\"filename\": \"a.json\"}");
		String rest = "owner=alice key=- address=127.0.0.1 project=- id=" + grant.text("id") + " status=";
		requireLine(output, "file.create", grant, rest + grant.status() + " code=-");
		Caller.sendTo(URI.create(grant.text("upload_url")), "PUT", "[]");
		requireLine(output, "file.complete", alice.post("/v1/files/" + grant.text("id") + "/complete"),
				rest + "200 code=-");
		Answer begun = alice.send("POST", "/v1/files?purpose=user_data", BodyPublishers.ofString("123"),
				"Upload-Complete", "?0");
		String upload = begun.header("Location").orElseThrow();
		rest = "owner=alice key=- address=127.0.0.1 project=- id=" + upload.substring("/v1/uploads/".length())
				+ " status=";
		requireLine(output, "file.create", begun, rest + "201 code=-");
		Answer ended = alice.send("PATCH", upload, BodyPublishers.ofString("4"), "Content-Type",
				"application/partial-upload", "Upload-Offset", "3", "Upload-Complete", "?1");
		assertThat(ended.status()).isEqualTo(200);
		String id = ended.header("Stowage-File-Id").orElseThrow();
		requireLine(output, "file.complete", ended,
				"owner=alice key=- address=127.0.0.1 project=- id=" + id + " status=200 code=-");
		Answer second = alice.post("/v1/uploads",
				"{\"filename\": \"a\", \"bytes\": 1, \"mime_type\": \"text/plain\", \"purpose\": \"user_data\"}");
		requireLine(output, "upload.cancel", alice.post("/v1/uploads/" + second.text("id") + "/cancel"),
				"owner=alice key=- address=127.0.0.1 project=- id=" + second.text("id") + " status=200 code=-");
	}

	@Test
	void sayWhatHappenedToAnUploadByTus(CapturedOutput output) {
		Caller alice = server.alice();
		Answer begun = alice.send("POST", "/v1/uploads", BodyPublishers.noBody(), "Tus-Resumable", "1.0.0",
				"Upload-Length", "4", "Upload-Metadata",
				"filename " + Base64.getEncoder().encodeToString(NAME.getBytes(StandardCharsets.UTF_8)));
		assertThat(begun.status()).isEqualTo(201);
		String upload = begun.header("Location").orElseThrow();
		String id = upload.substring(upload.lastIndexOf('/') + 1);
		String rest = "owner=alice key=- address=127.0.0.1 project=- id=";
		requireLine(output, "upload.create", begun, rest + id + " status=201 code=-");
		Answer ended = alice.send("PATCH", upload.substring(upload.indexOf("/v1/")), BodyPublishers.ofString("1234"),
				"Tus-Resumable", "1.0.0", "Content-Type", "application/offset+octet-stream", "Upload-Offset", "0");
		assertThat(ended.status()).isEqualTo(204);
		requireLine(output, "file.complete", ended,
				rest + ended.header("Stowage-File-Id").orElseThrow() + " status=204 code=-");
	}

	@Test
	void nameTheSubjectOfAToken(CapturedOutput output, @TempDir Path its) throws Exception {
		try (TestIssuer issuer = new TestIssuer(Clock.systemUTC())) {
			List<String> settings = new ArrayList<>(List.of(issuer.settings()));
			settings.add("stowage.audit=true");
			try (StowageServer trusting = StowageServer.start(its, settings.toArray(String[]::new))) {
				Answer created = trusting.with(issuer.token("carol"))
					.upload(new Form().field("purpose", "user_data").file(NAME, "x"));
				requireLine(output, "file.create", created, "owner=carol key=carol address=127.0.0.1 project=- id="
						+ created.text("id") + " status=200 code=-");
				requireLine(output, "key.refused",
						trusting.with(issuer.token((claims) -> claims.audience("another"))).get("/v1/files"),
						"owner=- key=- address=127.0.0.1 project=- id=- status=401 code=invalid_token");
			}
		}
	}

	@Test
	void sayThatADownloadWasBrokenOff(CapturedOutput output) throws Exception {
		String id = server.alice()
			.upload(new Form().field("purpose", "user_data").file(NAME, new byte[32 << 20]))
			.text("id");
		try (RawConnection client = new RawConnection(server)) {
			client.send("GET /v1/files/" + id + "/content HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
					+ StowageServer.ALICE + "\r\n\r\n");
			assertThat(client.statusLine()).startsWith("HTTP/1.1 200");
			client.vanish();
		}
		await().untilAsserted(() -> assertThat(lines(output))
			.anyMatch((line) -> line.startsWith("file.read ") && line.endsWith(" id=" + id + " status=broken code=-")));
	}

	@Test
	void sayWhatHappenedToKeysAndQuotas(CapturedOutput output) {
		Caller admin = server.with(StowageServer.ADMIN);
		String first = "owner=- key=- address=127.0.0.1 project=- id=";
		Answer project = admin.post(PROJECTS, "{\"name\": \"" + NAME + "\"}");
		String id = project.text("id");
		requireLine(output, "project.create", project, first + id + " status=200 code=-");
		String by = "owner=- key=- address=127.0.0.1 project=" + id + " id=";
		Answer made = admin.post(PROJECTS + "/" + id + "/service_accounts", "{\"name\": \"" + NAME + "\"}");
		JsonNode account = made.json();
		requireLine(output, "key.create", made, by + account.at("/api_key/id").asString() + " status=200 code=-");
		requireLine(output, "quota.change", admin.post(PROJECTS + "/" + id + "/quota", "{\"max_files\": 0}"),
				by + "- status=200 code=-");
		requireLine(output, "limit.change", admin.post(PROJECTS + "/" + id + "/rate_limits/rl-files", "{}"),
				by + "- status=200 code=-");
		String key = account.at("/api_key/id").asString();
		Caller app = server.with(account.at("/api_key/value").asString());
		requireLine(output, "file.create", app.upload(new Form().field("purpose", "user_data").file(NAME, "x")),
				"owner=" + id + " key=" + key + " address=127.0.0.1 project=- id=- status=429 code=insufficient_quota");
		requireLine(output, "key.revoke", admin.delete(PROJECTS + "/" + id + "/api_keys/" + key),
				by + key + " status=200 code=-");
		assertThat(lines(output).toString()).doesNotContain(account.at("/api_key/value").asString().substring(15));
		requireLine(output, "key.refused", app.get("/v1/files"),
				"owner=- key=- address=127.0.0.1 project=- id=- status=401 code=invalid_api_key");
	}

	@Test
	void repeatNothingThatAClientChose(CapturedOutput output) throws Exception {
		requireLine(output, "file.delete", server.alice().delete("/v1/files/a%20status=200%20b"),
				"owner=alice key=- address=127.0.0.1 project=- id=? status=404 code=file_not_found");
		requireLine(output, "key.refused", server.with("sk-wrong-key-0123456789xyz").get("/v1/files"),
				"owner=- key=- address=127.0.0.1 project=- id=- status=401 code=invalid_api_key");
		Answer firstr = server.with("").get("/v1/files");
		assertThat(firstr.status()).isEqualTo(401);
		try (RawConnection connection = new RawConnection(server)) {
			connection.send("DELETE /v1/files/x HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: 1 owner=bob\r\n"
					+ "Authorization: Bearer " + StowageServer.ALICE + "\r\n\r\n");
			assertThat(connection.answer()).startsWith("HTTP/1.1 404");
		}
		String key = KeyTexts.unknown();
		Answer mistaken = server.with(StowageServer.ADMIN).delete(PROJECTS + "/" + key + "/api_keys/" + key);
		requireLine(output, "key.revoke", mistaken,
				"owner=- key=- address=127.0.0.1 project=? id=? status=404 code=project_not_found");
		assertThat(output.getAll()).doesNotContain(key);
		assertThat(lines(output)).noneMatch((line) -> line.contains("owner=bob"))
			.noneMatch((line) -> line.contains(firstr.header("x-request-id").orElseThrow()));
	}

	@Test
	void areNotWrittenUnlessTheyAreWanted(CapturedOutput output) {
		int before = lines(output).size();
		try (StowageServer quiet = StowageServer.start(quietFolder)) {
			quiet.alice().uploaded("user_data", "a", "x");
		}
		assertThat(lines(output)).hasSize(before);
	}

	/** A new route is an action, or is named here. */
	@Test
	void comeFromEveryRouteThatChangesSomething() {
		Set<String> routes = server.bean("requestMappingHandlerMapping", RequestMappingHandlerMapping.class)
			.getHandlerMethods()
			.keySet()
			.stream()
			.flatMap((route) -> route.getMethodsCondition()
				.getMethods()
				.stream()
				.filter(Set.of(RequestMethod.POST, RequestMethod.PUT, RequestMethod.DELETE)::contains)
				.flatMap((method) -> route.getPatternValues().stream().map((path) -> method + " " + path)))
			.collect(Collectors.toSet());
		assertThat(routes).hasSizeGreaterThan(15);
		assertThat(Action.routes())
			.containsAll(routes.stream().filter((route) -> !route.equals("POST /v1/uploads/{id}/parts")).toList());
	}

}
