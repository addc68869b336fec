package dev.stowage.api;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;

import dev.stowage.keys.KeyTexts;
import dev.stowage.storage.s3.EngineOf;
import dev.stowage.support.Answer;
import dev.stowage.support.Caller;
import dev.stowage.support.Form;
import dev.stowage.support.RawConnection;
import dev.stowage.support.StowageServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static dev.stowage.api.Acknowledged.assertUnavailable;
import static org.assertj.core.api.Assertions.assertThat;

/** What clients see, and what is left, when the store or the database fails. */
class FaultTests {

	private static final byte[] PARTS = new byte[20 * 1024 * 1024];

	@TempDir
	Path folder;

	private StowageServer server;

	private Caller alice;

	private EngineOf engine;

	@BeforeEach
	void start() {
		this.server = StowageServer.start(this.folder, "stowage.upload-timeout=2s");
		this.alice = this.server.alice();
		this.engine = this.server.engine();
	}

	@AfterEach
	void stop() {
		this.server.close();
	}

	@Test
	void breaksOffADownloadThatTheStoreBreaksOff() throws Exception {
		byte[] content = new byte[64 * 1024 * 1024];
		Answer uploaded = this.alice.upload(new Form().field("purpose", "user_data").file("a.bin", content));
		String id = uploaded.text("id");
		try (RawConnection connection = new RawConnection(this.server)) {
			connection.send("GET /v1/files/" + id + "/content HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
					+ StowageServer.ALICE + "\r\n\r\n");
			assertThat(connection.statusLine()).startsWith("HTTP/1.1 200");
			try (FileChannel object = FileChannel.open(this.folder.resolve("objects/stowage/files/" + id),
					StandardOpenOption.WRITE)) {
				object.truncate(1024 * 1024);
			}
			assertThat(connection.rest().length()).isLessThan(content.length);
		}
	}

	@Test
	void refusesUploadsWhileTheStoreIsDown() throws Exception {
		this.engine.stop();
		assertUnavailable(this.alice.upload(new Form().field("purpose", "user_data").file("a", "x")));
		assertUnavailable(this.alice.upload(new Form().field("purpose", "user_data").file("a", PARTS)));
		assertThat(this.alice.get("/actuator/health/liveness").status()).isEqualTo(200);
		assertThat(this.alice.get("/actuator/health/readiness").status()).isEqualTo(503);
		try (AutoCloseable again = this.engine.startAgain(this.folder)) {
			assertThat(again).isNotNull();
			assertNothingIsLeft();
			assertThat(this.alice.get("/actuator/health/readiness").status()).isEqualTo(200);
			this.alice.uploaded("user_data", "a", "x");
		}
	}

	@Test
	void losesNothingOfAPresignedUploadWhileTheStoreIsDown() throws Exception {
		Answer created = this.alice.post("/v1/files", "{\"filename\": \"a.json\"}");
		String id = created.text("id");
		assertThat(Caller.sendTo(URI.create(created.text("upload_url")), "PUT", "[1]").status()).isEqualTo(200);
		this.engine.stop();
		assertThat(this.alice.post("/v1/files", "{\"filename\": \"b.json\"}").status()).isEqualTo(200);
		assertUnavailable(this.alice.post("/v1/files/" + id + "/complete"));
		assertThat(this.alice.get("/v1/files/" + id).text("status")).isEqualTo("pending");
		try (AutoCloseable again = this.engine.startAgain(this.folder)) {
			assertThat(again).isNotNull();
			assertThat(this.alice.post("/v1/files/" + id + "/complete").status()).isEqualTo(200);
		}
	}

	@Test
	void servesAndDeletesWhatItCanWhileTheStoreIsDown() throws Exception {
		String kept = this.alice.uploaded("user_data", "a", "x");
		String deleted = this.alice.uploaded("user_data", "b", "x");
		this.engine.stop();
		assertThat(this.alice.get("/v1/files").ids()).containsExactly(deleted, kept);
		Answer content = this.alice.get("/v1/files/" + kept + "/content");
		assertUnavailable(content);
		assertThat(content.response().headers().map()).doesNotContainKeys("etag", "content-disposition");
		assertThat(this.alice.delete("/v1/files/" + deleted).status()).isEqualTo(200);
		assertThat(this.alice.get("/v1/files/" + deleted).status()).isEqualTo(404);
		this.server.sweep();
		try (AutoCloseable again = this.engine.startAgain(this.folder)) {
			assertThat(again).isNotNull();
			assertThat(this.engine.keys()).contains("files/" + deleted);
			this.server.clock().move(Duration.ofMinutes(3));
			this.server.sweep();
			assertThat(this.engine.keys()).containsExactly("files/" + kept);
			assertThat(this.alice.get("/v1/files/" + kept + "/content").body()).isEqualTo("x");
		}
	}

	@Test
	void answersThatTheDatabaseIsAwayWithoutSayingMore() {
		String id = this.alice.uploaded("user_data", "a", "x");
		this.server.loseDatabase();
		assertUnavailable(this.server.with(KeyTexts.unknown()).get("/v1/files"));
		assertUnavailable(this.alice.get("/v1/files"));
		assertUnavailable(this.alice.get("/v1/files/" + id));
		assertUnavailable(this.alice.get("/v1/files/" + id + "/content"));
		assertUnavailable(this.alice.delete("/v1/files/" + id));
		assertUnavailable(this.alice.post("/v1/files", "{\"filename\": \"b.json\"}"));
		assertUnavailable(this.alice.upload(new Form().field("purpose", "user_data").file("a", PARTS)));
		assertThat(this.alice.get("/actuator/health/readiness").status()).isEqualTo(503);
	}

	/** After leases have run out and the sweeper has run. */
	private void assertNothingIsLeft() {
		assertThat(this.alice.get("/v1/files").ids()).isEmpty();
		this.server.clock().move(Duration.ofMinutes(3));
		this.server.sweep();
		assertThat(this.engine.keys()).isEmpty();
		assertThat(this.engine.openUploads()).isEmpty();
	}

}
