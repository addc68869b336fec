package dev.stowage.api;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.stowage.support.Answer;
import dev.stowage.support.Backing;
import dev.stowage.support.Caller;
import dev.stowage.support.Command;
import dev.stowage.support.ObjectHeaders;
import dev.stowage.support.OnEachBacking;
import dev.stowage.support.StowageServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** What one owner's upload URL does to the files of another: nothing. */
@ExtendWith(OutputCaptureExtension.class)
class UploadUrlTests extends OnEachBacking {

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
	@CsvSource({ "files/, .1", "files/, .1?versionId=null", "staging/, ''", "staging/, ?versionId=null" })
	void readsNothingOfAnotherOwner(String before, String after) {
		String theirs = server.bob().completed("secret.json", "{\"secret\": true}");
		Answer grant = server.alice().post("/v1/files", "{\"filename\": \"mine.json\"}");
		URI url = URI.create(grant.text("upload_url"));
		String bucket = url.getPath().substring(0, url.getPath().indexOf("/staging/") + 1);
		Answer attack = Caller.sendTo(url, "PUT", "{}", "x-amz-copy-source", bucket + before + theirs + after);
		assertThat(attack.status()).isEqualTo(403);
		Answer complete = server.alice().post("/v1/files/" + grant.text("id") + "/complete");
		assertThat(complete.text("code")).isEqualTo("file_not_uploaded");
	}

	@ParameterizedTest
	@CsvSource(quoteCharacter = '~', value = { "x-amz-acl, public-read",
			"x-amz-grant-read, uri=\"http://acs.amazonaws.com/groups/global/AllUsers\"" })
	void publishesNothing(String header, String value) {
		URI url = URI.create(server.alice().post("/v1/files", "{\"filename\": \"a.json\"}").text("upload_url"));
		Answer attack = Caller.sendTo(url, "PUT", "<script>", "Content-Type", "text/html", header, value);
		assertThat(attack.status()).isIn(403, 501);
		URI unsigned = URI.create(url.toString().replaceAll("\\?.*", ""));
		assertThat(Caller.sendTo(unsigned, "GET", "").status()).isBetween(400, 499);
	}

	@Test
	void setsNothingOnTheFile() {
		Answer grant = server.alice().post("/v1/files", "{\"filename\": \"a.json\"}");
		Answer put = Caller.sendTo(URI.create(grant.text("upload_url")), "PUT", "{}", "Content-Type", "text/html",
				"Cache-Control", "max-age=31536000", "Content-Encoding", "gzip", "Content-Language", "de", "Expires",
				"Thu, 01 Dec 2033 16:00:00 GMT");
		assertThat(put.status()).isEqualTo(200);
		String file = "/v1/files/" + grant.text("id");
		assertThat(server.alice().post(file + "/complete").status()).isEqualTo(200);
		Answer content = Caller.sendTo(URI.create(server.alice().get(file + "/content").text("download_url")), "GET",
				"");
		assertThat(content.body()).isEqualTo("{}");
		assertThat(content.header("Content-Type")).contains("application/json");
		for (String header : List.of("Cache-Control", "Content-Encoding", "Content-Language", "Expires")) {
			assertThat(content.header(header)).as(header).isEmpty();
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = ObjectHeaders.PLAIN + ObjectHeaders.AMAZON)
	void setsNoHeaderOnTheFile(String header, String value) {
		String json = "{\"a\": 1}";
		Answer grant = server.alice().post("/v1/files", "{\"filename\": \"a.json\"}");
		Answer put = Caller.sendTo(URI.create(grant.text("upload_url")), "PUT", json, header, value);
		String file = "/v1/files/" + grant.text("id");
		if (header.startsWith("x-amz-") && put.status() != 200) {
			assertThat(server.alice().post(file + "/complete").text("code")).isEqualTo("file_not_uploaded");
			return;
		}
		assertThat(put.status()).isEqualTo(200);
		assertThat(server.alice().post(file + "/complete").status()).isEqualTo(200);
		URI link = URI.create(server.alice().get(file + "/content").text("download_url"));
		Answer byLink = Caller.sendTo(link, "GET", "", "Accept-Encoding", "gzip, deflate, br");
		Answer byContent = server.alice()
			.get(file + "/content", "Accept", "application/octet-stream", "Accept-Encoding", "gzip, deflate, br");
		for (Answer answer : List.of(byLink, byContent)) {
			assertThat(answer.status()).isEqualTo(200);
			assertThat(answer.body()).isEqualTo(json);
			assertThat(answer.header("Content-Type")).contains("application/json");
			assertThat(answer.header("Content-Disposition").orElseThrow()).startsWith("attachment");
			for (String gone : List.of("Content-Encoding", "Content-Language", "Expires", header)) {
				assertThat(answer.header(gone)).as(gone).isNotEqualTo(Optional.of(value));
			}
			assertThat(answer.header("Content-Encoding")).isEmpty();
		}
		assertThat(Command.run(folder, Map.of(), "curl", "-sf", "--compressed", link.toString())).isEqualTo(json);
	}

	@Test
	void isFollowedByLinksThatEndWithTheFile() {
		String id = server.alice().completed("a.json", "{}");
		Answer link = server.alice().get("/v1/files/" + id + "/content?expires_in=604800");
		assertThat(link.json().path("expires_in").asInt()).isEqualTo(604_800);
		server.clock().move(Duration.ofDays(30).minusSeconds(100));
		Answer last = server.alice().get("/v1/files/" + id + "/content?expires_in=604800");
		assertThat(last.json().path("expires_in").asInt()).isBetween(1, 100);
		assertThat(last.text("download_url")).contains("X-Amz-Expires=" + last.json().path("expires_in").asInt());
		server.clock().move(Duration.ofDays(30).minusSeconds(100).negated());
	}

	@Test
	void isFollowedByLinksThatEndWithADelete() {
		String completed = server.alice().completed("a.json", "{}");
		String uploaded = server.alice().uploaded("batch", "a.jsonl", "{}");
		for (String id : List.of(completed, uploaded)) {
			String file = "/v1/files/" + id;
			URI link = URI.create(server.alice().get(file + "/content?expires_in=604800").text("download_url"));
			assertThat(Caller.sendTo(link, "GET", "").body()).isEqualTo("{}");
			assertThat(server.alice().delete(file).status()).isEqualTo(200);
			assertThat(Caller.sendTo(link, "GET", "").status()).isEqualTo(404);
		}
	}

	@Test
	void leavesNothingOfTheProbe() {
		assertThat(server.engine().keys()).noneMatch((key) -> key.contains("probe"));
	}

	/** With the key that {@code src/test/ceph/up} gives its Ceph. */
	@Test
	void isForEncryptedObjectsWhereTheStoreIsAskedToEncrypt() {
		assumeTrue(this.backing == Backing.DISTRIBUTED && System.getProperty("test.s3.ceph") != null,
				"The engine has no key");
		try (StowageServer encrypting = StowageServer.start(this.backing, folder, "stowage.s3.sse=aws:kms",
				"stowage.s3.sse-kms-key-id=tests")) {
			for (String content : List.of("small", "large".repeat(2 * 1024 * 1024))) {
				String id = encrypting.alice().uploaded("user_data", "a.txt", content);
				assertThat(encrypting.alice().get("/v1/files/" + id + "/content").body()).isEqualTo(content);
				assertEncrypted(encrypting, id, content);
			}
			Answer grant = encrypting.alice().post("/v1/files", "{\"filename\": \"a.json\"}");
			Answer put = Caller.sendTo(URI.create(grant.text("upload_url")), "PUT", "{}",
					"x-amz-server-side-encryption", "aws:kms", "x-amz-server-side-encryption-aws-kms-key-id", "tests");
			assertThat(put.status()).as(put.toString()).isEqualTo(200);
			// Ceph 16 does not copy what it has encrypted
			Answer complete = encrypting.alice().post("/v1/files/" + grant.text("id") + "/complete");
			assertThat(complete.status()).as(complete.toString()).isEqualTo(503);
			assertThat(encrypting.alice().get("/v1/files/" + grant.text("id")).text("status")).isEqualTo("pending");
		}
	}

	private static void assertEncrypted(StowageServer server, String id, String content) {
		URI link = URI.create(server.alice().get("/v1/files/" + id + "/content?expires_in=60").text("download_url"));
		Answer answer = Caller.sendTo(link, "GET", "");
		assertThat(answer.body()).isEqualTo(content);
		assertThat(answer.header("x-amz-server-side-encryption")).contains("aws:kms");
	}

	/** Ceph 16 accepts unsigned headers. */
	@Test
	void isNotGivenOutWhereTheStoreLetsItDoMore(CapturedOutput output) {
		assumeTrue(this.backing == Backing.DISTRIBUTED, "The embedded store refuses these headers");
		try (StowageServer careless = StowageServer.start(this.backing, folder, "stowage.s3.upload.access-key-id=",
				"stowage.s3.upload.secret-access-key=")) {
			List<String> before = careless.alice().get("/v1/files").ids();
			Answer refusal = careless.alice().post("/v1/files", "{\"filename\": \"a.json\"}");
			assertThat(refusal.status()).isEqualTo(503);
			assertThat(refusal.text("code")).isEqualTo("presigned_uploads_off");
			assertThat(refusal.text("detail")).contains("server's log").contains("multipart/form-data");
			assertThat(refusal.header("Retry-After")).isEmpty();
			assertThat(careless.alice().get("/v1/files").ids()).isEqualTo(before);
			assertThat(careless.alice().uploaded("batch", "a.jsonl", "{}")).startsWith("file-");
			assertThat(careless.with("").get("/actuator/health/readiness").status()).isEqualTo(200);
		}
		assertThat(output.getOut().lines().filter((line) -> line.contains("ERROR"))).singleElement()
			.asString()
			.contains("x-amz-copy-source, x-amz-acl, x-amz-grant-read")
			.contains("STOWAGE_S3_UPLOAD_ACCESS_KEY_ID")
			.contains("S3Proxy");
	}

}
