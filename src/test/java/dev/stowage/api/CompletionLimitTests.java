package dev.stowage.api;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import dev.stowage.storage.FailingObjectStore.Call;
import dev.stowage.storage.FailingObjectStore.Moment;
import dev.stowage.support.Answer;
import dev.stowage.support.Backing;
import dev.stowage.support.Caller;
import dev.stowage.support.OnEachBacking;
import dev.stowage.support.Soon;
import dev.stowage.support.StowageServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;

import static org.assertj.core.api.Assertions.assertThat;

/** What one owner may have pending, and how often a file is read to complete it. */
class CompletionLimitTests extends OnEachBacking {

	private static final String GRANT = "{\"filename\": \"a.json\"}";

	@TempDir
	static Path folder;

	private static StowageServer server;

	@BeforeParameterizedClassInvocation
	static void start(Backing backing) {
		server = StowageServer.start(backing, folder, "stowage.max-pending=5");
	}

	@AfterParameterizedClassInvocation
	static void stop() {
		server.close();
	}

	@Test
	void refusesMorePendingFilesThanTheLimitAndSaysWhenToComeBack() {
		List<String> granted = new ArrayList<>();
		for (int i = 0; i < 5; i++) {
			Answer grant = server.bob().post("/v1/files", GRANT);
			assertThat(grant.status()).isEqualTo(200);
			granted.add(grant.text("id"));
		}
		Answer refused = server.bob().post("/v1/files", GRANT);
		assertThat(refused.status()).isEqualTo(429);
		assertThat(refused.text("code")).isEqualTo("too_many_pending");
		assertThat(refused.header("Retry-After")).contains("10");
		assertThat(server.alice().post("/v1/files", GRANT).status()).isEqualTo(200);
		assertThat(server.bob().uploaded("user_data", "a", "x")).startsWith("file-");
		granted.forEach((id) -> assertThat(server.bob().delete("/v1/files/" + id).status()).isEqualTo(200));
		Soon.await().untilAsserted(() -> assertThat(server.bob().post("/v1/files", GRANT).status()).isEqualTo(200));
	}

	@Test
	void readsAFileOnceThoughSixteenCompleteItAtOnce() throws Exception {
		Answer grant = server.alice().post("/v1/files", GRANT);
		Caller.sendTo(URI.create(grant.text("upload_url")), "PUT", "[1]");
		server.store().heal();
		CountDownLatch refused = new CountDownLatch(15);
		server.store().run(Moment.BEFORE, Call.OPEN, 1, (key) -> {
			try {
				refused.await(9, TimeUnit.SECONDS);
			}
			catch (InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
		});
		List<Answer> answers = new ArrayList<>();
		try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
			List<Future<Answer>> all = new ArrayList<>();
			for (int i = 0; i < 16; i++) {
				all.add(executor.submit(() -> {
					Answer answer = server.alice().post("/v1/files/" + grant.text("id") + "/complete");
					refused.countDown();
					return answer;
				}));
			}
			for (Future<Answer> one : all) {
				answers.add(one.get());
			}
		}
		assertThat(answers).extracting(Answer::status).containsOnlyOnce(200);
		assertThat(answers).filteredOn((answer) -> answer.status() == 409).hasSize(15).allSatisfy((answer) -> {
			assertThat(answer.text("code")).isEqualTo("completion_in_progress");
			assertThat(answer.header("Retry-After")).contains("2");
		});
		assertThat(server.store().calls(Call.OPEN)).hasSize(1);
		assertThat(server.alice().post("/v1/files/" + grant.text("id") + "/complete").text("code"))
			.isEqualTo("already_completed");
	}

	@Test
	void answersForInvalidBytesWithoutReadingThemAgain() {
		Answer grant = server.alice().post("/v1/files", GRANT);
		Caller.sendTo(URI.create(grant.text("upload_url")), "PUT", "[1");
		server.store().heal();
		String path = "/v1/files/" + grant.text("id") + "/complete";
		Answer first = server.alice().post(path);
		assertThat(first.status()).isEqualTo(400);
		assertThat(first.text("code")).isEqualTo("invalid_json");
		assertThat(server.alice().post(path).text("detail")).isEqualTo(first.text("detail"));
		assertThat(server.store().calls(Call.OPEN)).hasSize(1);
		Caller.sendTo(URI.create(grant.text("upload_url")), "PUT", "[1]");
		assertThat(server.alice().post(path).status()).isEqualTo(200);
	}

}
