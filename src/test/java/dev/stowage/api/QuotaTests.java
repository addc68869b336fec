package dev.stowage.api;

import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

import dev.stowage.support.Answer;
import dev.stowage.support.Backing;
import dev.stowage.support.Caller;
import dev.stowage.support.Form;
import dev.stowage.support.OnEachBacking;
import dev.stowage.support.RawConnection;
import dev.stowage.support.Projects;
import dev.stowage.support.StowageServer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/** Quotas as clients and operators see them. */
class QuotaTests extends OnEachBacking {

	@TempDir
	static Path folder;

	private static StowageServer server;

	private Caller admin;

	private String project;

	private Caller app;

	@BeforeParameterizedClassInvocation
	static void start(Backing backing) {
		server = StowageServer.start(backing, folder, "stowage.admin-key=" + StowageServer.ADMIN,
				"stowage.quota-files=50", "stowage.quota-bytes=10MB");
	}

	@AfterParameterizedClassInvocation
	static void stop() {
		server.close();
	}

	@BeforeEach
	void create() {
		Projects projects = new Projects(server);
		this.admin = projects.admin();
		this.project = projects.create("acme");
		this.app = server.with(projects.key(this.project, ""));
	}

	private String path(String rest) {
		return Projects.PATH + "/" + this.project + rest;
	}

	private void allow(String quota) {
		Answer answer = this.admin.post(path("/quota"), quota);
		assertThat(answer.status()).as(answer.body()).isEqualTo(200);
	}

	private Answer upload(String text) {
		return this.app.upload(new Form().field("purpose", "user_data").file("a", text));
	}

	private static void requireRefused(Answer answer, String asked) {
		assertThat(answer.status()).as(answer.body()).isEqualTo(429);
		assertThat(answer.text("code")).isEqualTo("insufficient_quota");
		JsonNode error = answer.json().get("error");
		assertThat(error.get("type").asString()).isEqualTo("insufficient_quota");
		assertThat(error.get("code").asString()).isEqualTo("insufficient_quota");
		assertThat(answer.header("x-should-retry")).contains("false");
		assertThat(answer.header("Retry-After")).isEmpty();
		assertThat(answer.text("detail")).contains(asked).isEqualTo(error.get("message").asString());
	}

	@Test
	void refuseAnUploadWithTheFiguresThatMatter() {
		allow("{\"max_files\": 3, \"max_bytes\": 10}");
		assertThat(upload("12345").status()).isEqualTo(200);
		requireRefused(upload("123456"),
				"Your quota is 3 files and 10 bytes. You have 1 file with 5 bytes, including pending ones."
						+ " There is no room for one of 6 bytes.");
		assertThat(upload("12345").status()).isEqualTo(200);
		allow("{\"max_bytes\": 100, \"max_files\": 2}");
		requireRefused(upload("1"), "Your quota is 2 files and 100 bytes. You have 2 files with 10 bytes");
		assertThat(this.app.get("/v1/files").ids()).hasSize(2);
		this.app.delete("/v1/files/" + this.app.get("/v1/files").ids().getFirst());
		assertThat(upload("1").status()).isEqualTo(200);
	}

	@Test
	void refuseAGrantAndAnUploadOfADeclaredSize() {
		allow("{\"max_bytes\": 100}");
		requireRefused(this.app.post("/v1/files", "{\"filename\": \"a.json\", \"bytes\": 101}"), "one of 101 bytes");
		requireRefused(this.app.post("/v1/files", "{\"filename\": \"a.json\", \"bytes\": 101, \"parts\": true}"),
				"one of 101 bytes");
		requireRefused(this.app.post("/v1/uploads",
				"{\"filename\": \"a\", \"bytes\": 101, \"mime_type\": \"text/plain\", \"purpose\": \"user_data\"}"),
				"one of 101 bytes");
		requireRefused(this.app.send("POST", "/v1/uploads", BodyPublishers.noBody(), "Tus-Resumable", "1.0.0",
				"Upload-Length", "101"), "one of 101 bytes");
		requireRefused(this.app.send("POST", "/v1/files?purpose=user_data", BodyPublishers.ofString("x"),
				"Upload-Complete", "?0", "Upload-Length", "101"), "one of 101 bytes");
	}

	@Test
	void refuseALargeFormBeforeItIsSent() throws Exception {
		allow("{\"max_bytes\": 100}");
		String key = this.admin.post(path("/service_accounts"), "{\"name\": \"raw\"}")
			.json()
			.at("/api_key/value")
			.asString();
		try (RawConnection connection = new RawConnection(server)) {
			String answer = connection
				.send("POST /v1/files HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nAuthorization: Bearer "
						+ key + "\r\nContent-Type: " + Form.CONTENT_TYPE + "\r\nContent-Length: " + (30 << 20)
						+ "\r\n\r\n")
				.answer();
			assertThat(answer).startsWith("HTTP/1.1 429").contains("insufficient_quota");
		}
	}

	@Test
	void keepAGrantUntilThereIsRoomForIt() {
		allow("{\"max_bytes\": 5}");
		Answer grant = this.app.post("/v1/files", "{\"filename\": \"a.json\"}");
		Caller.sendTo(URI.create(grant.text("upload_url")), "PUT", "[1, 2]");
		String complete = "/v1/files/" + grant.text("id") + "/complete";
		requireRefused(this.app.post(complete), "one of 6 bytes");
		allow("{\"max_bytes\": 6}");
		assertThat(this.app.post(complete).status()).isEqualTo(200);
		assertThat(this.admin.get(path("/usage")).json().get("bytes").asLong()).isEqualTo(6);
	}

	/** All bytes are kept, so nothing has to be sent again. */
	@Test
	void keepAnUploadOfUnknownLengthUntilThereIsRoomForIt() {
		allow("{\"max_bytes\": 5}");
		Answer begun = this.app.send("POST", "/v1/files?purpose=user_data", BodyPublishers.ofString("123"),
				"Upload-Complete", "?0");
		assertThat(begun.status()).isEqualTo(201);
		String upload = begun.header("Location").orElseThrow();
		// whose length says that it is too much is not read
		requireRefused(append(upload, BodyPublishers.ofString("456"), 3), "one of 6 bytes");
		assertThat(offset(upload)).contains("3");
		BodyPublisher chunked = BodyPublishers
			.ofInputStream(() -> new ByteArrayInputStream("456".getBytes(StandardCharsets.UTF_8)));
		requireRefused(append(upload, chunked, 3), "one of 6 bytes");
		assertThat(offset(upload)).contains("6");
		allow("{\"max_bytes\": 6}");
		assertThat(append(upload, BodyPublishers.noBody(), 6).status()).isEqualTo(200);
		assertThat(this.admin.get(path("/usage")).json().get("bytes").asLong()).isEqualTo(6);
	}

	private Optional<String> offset(String upload) {
		return this.app.send("HEAD", upload, BodyPublishers.noBody()).header("Upload-Offset");
	}

	private Answer append(String upload, BodyPublisher bytes, int offset) {
		return this.app.send("PATCH", upload, bytes, "Content-Type", "application/partial-upload", "Upload-Offset",
				String.valueOf(offset), "Upload-Complete", "?1");
	}

	@Test
	void refuseAFileThatIsTooLarge() {
		allow("{\"max_file_size\": 5}");
		assertThat(upload("12345").status()).isEqualTo(200);
		Answer refused = upload("123456");
		assertThat(refused.status()).isEqualTo(413);
		assertThat(refused.text("code")).isEqualTo("file_too_large");
		assertThat(refused.text("detail")).isEqualTo("File is too large. Your limit is 5 bytes.");
	}

	@Test
	void showWhatAProjectMayHaveAndHas() {
		assertThat(this.admin.get(path("/quota")).body())
			.isEqualTo("{\"object\":\"organization.project.quota\",\"max_files\":50,\"max_bytes\":10485760,"
					+ "\"max_file_size\":null}");
		allow("{\"max_files\": 7, \"max_file_size\": 9}");
		assertThat(this.admin.get(path("/quota")).body()).contains("\"max_files\":7,\"max_bytes\":10485760")
			.contains("\"max_file_size\":9");
		allow("{\"max_files\": null}");
		assertThat(this.admin.get(path("/quota")).body()).contains("\"max_files\":50").contains("\"max_file_size\":9");
		upload("123");
		this.app.upload(new Form().field("purpose", "vision").file("a", "12"));
		this.app.post("/v1/files", "{\"filename\": \"a.json\", \"bytes\": 8}");
		assertThat(this.admin.get(path("/usage")).body())
			.isEqualTo("{\"object\":\"organization.project.usage\",\"files\":3,\"bytes\":13,\"by_purpose\":["
					+ "{\"purpose\":\"user_data\",\"files\":1,\"bytes\":3},"
					+ "{\"purpose\":\"vision\",\"files\":1,\"bytes\":2}]}");
	}

	@Test
	void showAndSetWhatAProjectMayAskFor() {
		String limits = path("/rate_limits");
		assertThat(this.admin.get(limits).json().at("/data/0").toString())
			.isEqualTo("{\"object\":\"project.rate_limit\",\"id\":\"rl-files\",\"model\":\"files\","
					+ "\"max_requests_per_1_minute\":0,\"max_uploads_at_once\":0}");
		Answer set = this.admin.post(limits + "/rl-files", "{\"max_requests_per_1_minute\": 2}");
		assertThat(set.json().get("max_requests_per_1_minute").asInt()).isEqualTo(2);
		assertThat(this.app.get("/v1/files").header("x-ratelimit-limit-requests")).contains("2");
		this.app.get("/v1/files");
		assertThat(this.app.get("/v1/files").text("code")).isEqualTo("rate_limit_exceeded");
		assertThat(this.admin.post(limits + "/rl-files", "{\"max_requests_per_1_minute\": null}").status())
			.isEqualTo(200);
		assertThat(this.app.get("/v1/files").status()).isEqualTo(200);
		assertThat(this.admin.post(limits + "/gpt-5", "{}").status()).isEqualTo(404);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			/quota               | {"max_bytes": -1}                        | max_bytes
			/quota               | {"max_files": "5"}                       | max_files
			/quota               | {"max_file_size": 1.5}                   | max_file_size
			/quota               | {"max_bytes": 99999999999999999999}      | max_bytes
			/rate_limits/rl-files | {"max_requests_per_1_minute": -1}       | max_requests_per_1_minute
			/rate_limits/rl-files | {"max_uploads_at_once": 10000001}       | max_uploads_at_once
			""")
	void refuseLimitsThatAreNone(String rest, String body, String param) {
		Answer refused = this.admin.post(path(rest), body);
		assertThat(refused.status()).isEqualTo(400);
		assertThat(refused.json().at("/error/param").asString()).isEqualTo(param);
	}

	@Test
	void belongToProjectsThatExist() {
		assertThat(this.admin.get(Projects.PATH + "/nobody/quota").status()).isEqualTo(404);
		assertThat(this.admin.post(Projects.PATH + "/nobody/quota", "{}").status()).isEqualTo(404);
		assertThat(this.admin.get(Projects.PATH + "/nobody/usage").status()).isEqualTo(404);
		assertThat(this.admin.get(Projects.PATH + "/nobody/rate_limits").status()).isEqualTo(404);
		assertThat(this.app.get(path("/quota")).status()).isEqualTo(401);
	}

}
