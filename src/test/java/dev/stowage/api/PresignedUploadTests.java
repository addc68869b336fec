package dev.stowage.api;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

import dev.stowage.support.Answer;
import dev.stowage.support.Backing;
import dev.stowage.support.Caller;
import dev.stowage.support.OnEachBacking;
import dev.stowage.support.StowageServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;

import static dev.stowage.support.Soon.await;
import static org.assertj.core.api.Assertions.assertThat;

/** The pre-signed flow, with its URLs used by a bare client. */
class PresignedUploadTests extends OnEachBacking {

	@TempDir
	static Path folder;

	private static StowageServer server;

	private static Caller alice;

	@BeforeParameterizedClassInvocation
	static void start(Backing backing) {
		server = StowageServer.start(backing, folder, "stowage.presigned.max-size=1MB");
		alice = server.alice();
	}

	@AfterParameterizedClassInvocation
	static void stop() {
		server.close();
	}

	@Test
	void runsFromGrantToContent() {
		Answer created = alice.post("/v1/files", "{\"filename\": \"data.json\", \"unknown\": [1]}");
		assertThat(created.status()).isEqualTo(200);
		String id = created.text("id");
		assertThat(created.text("object")).isEqualTo("file.upload");
		assertThat(created.json().path("expires_in").asInt()).isEqualTo(600);
		assertThat(created.json().propertyNames()).containsExactly("id", "object", "created", "upload_url",
				"expires_in");
		Answer pending = alice.get("/v1/files/" + id);
		assertThat(pending.text("status")).isEqualTo("pending");
		assertThat(pending.json().path("bytes").asInt()).isZero();
		assertThat(pending.text("purpose")).isEqualTo("context");
		assertThat(alice.get("/v1/files").ids()).doesNotContain(id);
		assertThat(put(created, "{\"a\": 1}", "Content-Type", "application/json").status()).isEqualTo(200);
		Answer completed = complete(created);
		assertThat(completed.status()).isEqualTo(200);
		assertThat(completed.text("status")).isEqualTo("completed");
		assertThat(completed.json().path("bytes").asInt()).isEqualTo(8);
		assertThat(completed.json().path("expires_at").asLong())
			.isEqualTo(completed.json().path("created").asLong() + Duration.ofDays(30).toSeconds());
		assertThat(alice.get("/v1/files").ids()).contains(id);
		assertThat(alice.get("/v1/files/" + id).body()).isEqualTo(completed.body());
		Answer link = alice.get("/v1/files/" + id + "/content?expires_in=3600");
		assertThat(link.json().propertyNames()).containsExactly("id", "object", "created", "filename", "bytes",
				"download_url", "expires_in");
		assertThat(link.json().path("expires_in").asInt()).isEqualTo(3600);
		Answer content = Caller.sendTo(URI.create(link.text("download_url")), "GET", "");
		assertThat(content.body()).isEqualTo("{\"a\": 1}");
		assertThat(content.header("Content-Type")).contains("application/json");
		assertThat(content.header("Content-Disposition"))
			.contains("attachment; filename=\"data.json\"; filename*=UTF-8''data.json");
	}

	@Test
	void takesABatchAndAPutWithoutContentType() {
		Answer created = alice.post("/v1/files", "{\"filename\": \"b.json\", \"purpose\": \"batch\"}");
		assertThat(put(created, "[]").status()).isEqualTo(200);
		assertThat(complete(created).text("purpose")).isEqualTo("batch");
	}

	@Test
	void namesThePlaceWhereJsonEndsAndStaysPending() {
		Answer created = create();
		put(created, "{\"a\":\n [1,}");
		Answer refused = complete(created);
		assertThat(refused.status()).isEqualTo(400);
		assertThat(refused.text("code")).isEqualTo("invalid_json");
		assertThat(refused.text("detail"))
			.isEqualTo("The file is not valid JSON: line 2, column 5: expected a value but found '}'");
		put(created, "{\"a\":\n [1]}");
		assertThat(complete(created).status()).isEqualTo(200);
	}

	@Test
	void refusesAnEmptyObjectAndOneOverTheLimit() {
		Answer created = create();
		assertThat(put(created, "").status()).isEqualTo(200);
		Answer empty = complete(created);
		assertThat(empty.status()).isEqualTo(400);
		assertThat(empty.text("detail")).startsWith("The uploaded file is empty");
		put(created, "\"" + "x".repeat(1024 * 1024 - 1) + "\"");
		Answer large = complete(created);
		assertThat(large.status()).isEqualTo(400);
		assertThat(large.text("code")).isEqualTo("file_too_large");
		put(created, "\"" + "x".repeat(1024 * 1024 - 2) + "\"");
		assertThat(complete(created).json().path("bytes").asInt()).isEqualTo(1024 * 1024);
	}

	@Test
	void refusesToCompleteWhatWasNotUploadedOrIsComplete() {
		Answer created = create();
		Answer missing = complete(created);
		assertThat(missing.status()).isEqualTo(404);
		assertThat(missing.text("code")).isEqualTo("file_not_uploaded");
		put(created, "1");
		assertThat(complete(created).status()).isEqualTo(200);
		Answer again = complete(created);
		assertThat(again.status()).isEqualTo(400);
		assertThat(again.text("code")).isEqualTo("already_completed");
		String multipart = alice.uploaded("user_data", "a.txt", "x");
		assertThat(alice.post("/v1/files/" + multipart + "/complete").status()).isEqualTo(400);
	}

	@Test
	void servesForEverWhatWasVerified() {
		Answer created = create();
		put(created, "{\"version\":1}");
		assertThat(complete(created).status()).isEqualTo(200);
		assertThat(put(created, "{\"version\":2}").status()).isEqualTo(200);
		String content = "/v1/files/" + created.text("id") + "/content";
		assertThat(alice.get(content, "Accept", "application/binary").body()).isEqualTo("{\"version\":1}");
		server.sweep();
		assertThat(alice.get(content, "Accept", "application/binary").body()).isEqualTo("{\"version\":1}");
		assertThat(server.engine().keys()).noneMatch((key) -> key.equals("staging/" + created.text("id")));
	}

	@Test
	void letsExactlyOneOfManyCompletesWin() throws Exception {
		for (int round = 0; round < 5; round++) {
			Answer created = create();
			put(created, "[1]");
			Callable<Integer> complete = () -> complete(created).status();
			try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
				List<Future<Integer>> answers = threads.invokeAll(Stream.generate(() -> complete).limit(8).toList());
				List<Integer> statuses = answers.stream().map(Future::resultNow).sorted().toList();
				// 409 while the one is in progress, 400 once it is finished
				assertThat(statuses).hasSize(8)
					.startsWith(200)
					.filteredOn((status) -> status != 200)
					.hasSize(7)
					.allMatch((status) -> status == 400 || status == 409);
				assertThat(complete(created).status()).isEqualTo(400);
			}
		}
		server.sweep();
		assertThat(server.engine().keys()).filteredOn((key) -> key.startsWith("files/"))
			.hasSameSizeAs(alice.get("/v1/files").ids());
	}

	@Test
	void refusesAUrlThatIsTamperedWithOrUsedWithAnotherMethod() {
		Answer created = create();
		String url = created.text("upload_url");
		URI otherFile = URI.create(url.replace(created.text("id"), create().text("id")));
		URI otherSignature = URI.create(url.substring(0, url.length() - 4) + "0000");
		assertThat(Caller.sendTo(otherFile, "PUT", "1").status()).isEqualTo(403);
		assertThat(Caller.sendTo(otherSignature, "PUT", "1").status()).isEqualTo(403);
		assertThat(Caller.sendTo(URI.create(url), "GET", "").status()).isEqualTo(403);
		assertThat(Caller.sendTo(URI.create(url), "DELETE", "").status()).isEqualTo(403);
		assertThat(complete(created).text("code")).isEqualTo("file_not_uploaded");
	}

	@Test
	void refusesAUrlThatHasExpired(@TempDir Path other) {
		try (StowageServer brief = StowageServer.start(this.backing, other, "stowage.upload-url-ttl=1s")) {
			Answer created = brief.alice().post("/v1/files", "{\"filename\": \"a.json\"}");
			assertThat(created.json().path("expires_in").asInt()).isEqualTo(1);
			await().atMost(Duration.ofSeconds(10)).until(() -> put(created, "1").status() == 403);
		}
	}

	@Test
	void saysThatANewFileMustBeCreatedOnceTheUrlHasEnded() {
		Answer missing = create();
		Answer empty = create();
		Answer broken = create();
		Answer sent = create();
		put(empty, "");
		put(broken, "[");
		put(sent, "[1]");
		Duration rest = Duration.ofSeconds(599);
		server.clock().move(rest);
		assertThat(complete(missing).text("detail")).contains("PUT the bytes to its upload_url, then complete it.");
		Duration later = Duration.ofSeconds(10);
		server.clock().move(later);
		Answer refused = complete(missing);
		assertThat(refused.status()).isEqualTo(404);
		assertThat(refused.text("code")).isEqualTo("file_not_uploaded");
		assertThat(refused.text("detail")).endsWith("and its upload_url has ended."
				+ " Create a new file, and PUT the bytes to the upload_url of that one.");
		Answer refusedEmpty = complete(empty);
		assertThat(refusedEmpty.status()).isEqualTo(400);
		assertThat(refusedEmpty.text("detail")).endsWith("its upload_url has ended. Create a new file.");
		for (int time = 0; time < 2; time++) {
			assertThat(complete(broken).text("detail")).startsWith("The file is not valid JSON: line 1, column 2: ")
				.endsWith(". Its upload_url has ended: create a new file.");
		}
		assertThat(complete(sent).status()).isEqualTo(200);
		server.clock().move(rest.plus(later).negated());
	}

	@Test
	void removesWhatIsNotCompletedInTime() {
		Answer created = create();
		put(created, "[1]");
		server.clock().move(Duration.ofMinutes(71));
		server.sweep();
		assertThat(alice.get("/v1/files/" + created.text("id")).status()).isEqualTo(404);
		assertThat(server.engine().keys()).noneMatch((key) -> key.contains(created.text("id")));
	}

	private static Answer create() {
		return alice.post("/v1/files", "{\"filename\": \"x.json\"}");
	}

	private static Answer put(Answer created, String body, String... headers) {
		return Caller.sendTo(URI.create(created.text("upload_url")), "PUT", body, headers);
	}

	private static Answer complete(Answer created) {
		return alice.post("/v1/files/" + created.text("id") + "/complete");
	}

}
