package dev.stowage.api;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;

import dev.stowage.storage.FailingObjectStore.Call;
import dev.stowage.storage.FailingObjectStore.Moment;
import dev.stowage.support.Answer;
import dev.stowage.support.Caller;
import dev.stowage.support.Form;
import dev.stowage.support.StowageServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/** The failures that need exact timing, with the common problem body. */
@ExtendWith(OutputCaptureExtension.class)
class RareFailureTests {

	@TempDir
	Path folder;

	private StowageServer server;

	private Caller alice;

	@BeforeEach
	void start() {
		this.server = StowageServer.start(this.folder);
		this.alice = this.server.alice();
	}

	@AfterEach
	void stop() {
		this.server.close();
	}

	@Test
	void answers409WhenTheUploadIsReplacedWhileItIsVerified() {
		Answer created = this.alice.post("/v1/files", "{\"filename\": \"a.json\"}");
		URI url = URI.create(created.text("upload_url"));
		Caller.sendTo(url, "PUT", "[1]");
		this.server.store().run(Moment.BEFORE, Call.COPY, 1, (key) -> Caller.sendTo(url, "PUT", "[1,2,3,4]"));
		String complete = "/v1/files/" + created.text("id") + "/complete";
		Answer replaced = this.alice.post(complete);
		assertProblem(replaced, 409, "file_replaced", "invalid_request_error", "The upload of " + created.text("id")
				+ " was replaced while it was being verified. Please complete it again.", "id");
		assertThat(this.alice.get("/v1/files/" + created.text("id")).text("status")).isEqualTo("pending");
		assertThat(this.alice.post(complete).json().path("bytes").asInt()).isEqualTo(9);
	}

	@Test
	void answers503WhenAnUploadWasSweptBeforeItsEnd() {
		this.server.store().run(Moment.AFTER, Call.PUT, 1, (key) -> {
			this.server.clock().move(Duration.ofMinutes(8));
			this.server.sweep();
		});
		Answer late = this.alice.upload(new Form().field("purpose", "user_data").file("a", "x"));
		assertProblem(late, 503, "server_busy", "server_error",
				"The server was too busy to keep track of this upload and cancelled it. Please send it again.", "null");
		assertThat(this.alice.get("/v1/files").ids()).isEmpty();
		this.server.clock().move(Duration.ofMinutes(11));
		this.server.sweep();
		assertThat(this.server.engine().keys()).isEmpty();
	}

	@Test
	void answers500WithNothingOfTheInsideAndLogsItUnderTheRequestId(CapturedOutput output) {
		this.server.store().run(Moment.BEFORE, Call.PUT, 1, (key) -> {
			throw new IllegalStateException("Inner secret");
		});
		Answer failed = this.alice.upload(new Form().field("purpose", "user_data").file("a", "x"));
		assertProblem(failed, 500, "internal_server_error", "server_error",
				"The server had an error while processing your request. Its log has the request id.", "null");
		assertThat(output).contains("Inner secret").contains("[" + failed.text("request_id") + "]");
		assertThat(this.alice.get("/v1/files").ids()).isEmpty();
	}

	private static void assertProblem(Answer answer, int status, String code, String type, String message,
			String param) {
		assertThat(answer.status()).as(answer.toString()).isEqualTo(status);
		assertThat(answer.header("Content-Type")).contains("application/problem+json");
		assertThat(answer.json().propertyNames()).containsExactly("type", "title", "status", "detail", "code", "error",
				"request_id");
		assertThat(answer.text("code")).isEqualTo(code);
		assertThat(answer.text("detail")).isEqualTo(message);
		assertThat(answer.text("request_id")).isEqualTo(answer.header("x-request-id").orElseThrow());
		assertThat(answer.json().path("error").path("message").asString()).isEqualTo(message);
		assertThat(answer.json().path("error").path("type").asString()).isEqualTo(type);
		assertThat(answer.json().path("error").path("param").asString("null")).isEqualTo(param);
	}

}
