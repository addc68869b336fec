package dev.stowage;

import java.io.IOException;
import java.net.ConnectException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

import dev.stowage.support.Form;
import dev.stowage.support.HeldUpload;
import dev.stowage.support.RawConnection;
import dev.stowage.support.SharedBacking;
import dev.stowage.support.StowageProcess;
import dev.stowage.support.StowageServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static dev.stowage.support.Soon.await;
import static org.assertj.core.api.Assertions.assertThat;

/** What clients and other instances see of an instance that is stopped. */
class GracefulShutdownTests {

	private static final String READINESS = "GET /actuator/health/readiness HTTP/1.1\r\nHost: localhost\r\n\r\n";

	private static final String LIST = "GET /v1/files HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
			+ StowageServer.ALICE + "\r\n\r\n";

	private static final int LARGE = 20 * 1024 * 1024;

	@TempDir
	Path folder;

	private SharedBacking backing;

	@BeforeEach
	void setUp() {
		this.backing = new SharedBacking(this.folder);
	}

	@AfterEach
	void close() throws IOException {
		this.backing.close();
	}

	@Test
	void finishesAnUploadInFlightAndSendsEverybodyElseAway() throws Exception {
		byte[] content = new byte[LARGE];
		Arrays.fill(content, (byte) 'x');
		byte[] form = new Form().field("purpose", "user_data").file("a", content).bytes();
		try (StowageProcess copy = StowageProcess.start(this.backing, this.folder, "stowage.shutdown-delay=8s");
				RawConnection kept = copy.connect();
				HeldUpload slow = new HeldUpload(copy.connect(), form, LARGE / 2)) {
			assertThat(kept.send(LIST).answer()).startsWith("HTTP/1.1 200").doesNotContainIgnoringCase("close");
			slow.awaitRow(this.backing.database());
			copy.terminate();
			await().until(() -> onNewConnection(copy, READINESS).startsWith("HTTP/1.1 503"));
			assertThat(onNewConnection(copy, LIST)).startsWith("HTTP/1.1 200").contains("Connection: close");
			assertThat(kept.send(LIST).answer()).startsWith("HTTP/1.1 200").contains("Connection: close");
			assertThat(kept.rest()).isEmpty();
			await().until(() -> refusesConnections(copy));
			assertThat(slow.finish()).startsWith("HTTP/1.1 200").contains("Connection: close");
			requireCleanEnd(copy);
		}
		try (StowageServer other = StowageServer.start(this.folder, this.backing.settings())) {
			String id = other.alice().get("/v1/files").ids().getFirst();
			assertThat(other.alice().get("/v1/files/" + id + "/content").bytes()).isEqualTo(content);
		}
	}

	@Test
	void cutsAnUploadThatDoesNotEndAndLeavesNothingOfIt() throws Exception {
		byte[] form = new Form().field("purpose", "user_data").file("a", new byte[LARGE]).bytes();
		try (StowageProcess copy = StowageProcess.start(this.backing, this.folder, "stowage.sweep-interval=0",
				"spring.lifecycle.timeout-per-shutdown-phase=2s");
				HeldUpload slow = new HeldUpload(copy.connect(), form, LARGE / 2)) {
			slow.awaitRow(this.backing.database());
			await().until(() -> !this.backing.store().openUploads().isEmpty());
			copy.terminate();
			requireCleanEnd(copy);
		}
		assertThat(this.backing.store().openUploads()).isEmpty();
		assertThat(this.backing.database().sql("SELECT status FROM file").query(String.class).single())
			.isEqualTo("DELETING");
		try (StowageServer other = StowageServer.start(this.folder, this.backing.settings())) {
			assertThat(other.alice().get("/v1/files").ids()).isEmpty();
			other.clock().move(Duration.ofSeconds(1));
			other.sweep();
			this.backing.requireNothingBut(Set.of());
		}
	}

	@Test
	void renewsLeasesAsLongAsAnUploadGoesOn() throws Exception {
		byte[] form = new Form().field("purpose", "user_data").file("a", new byte[10_000]).bytes();
		StowageServer server = StowageServer.start(this.folder,
				this.backing.settings("stowage.upload-timeout=8s", "stowage.min-upload-rate=0"));
		try (HeldUpload slow = new HeldUpload(new RawConnection(server), form, 300)) {
			slow.awaitRow(this.backing.database());
			CompletableFuture<Void> end = CompletableFuture.runAsync(server::close);
			await().until(() -> refusesConnections(server.port()));
			long before = deadline();
			await().until(() -> {
				slow.send(1);
				return deadline() > before + 3;
			});
			assertThat(end).isNotDone();
			assertThat(slow.finish()).startsWith("HTTP/1.1 200");
			end.join();
		}
	}

	private long deadline() {
		return this.backing.database().sql("SELECT sweep_at FROM file").query(Long.class).single();
	}

	private static String onNewConnection(StowageProcess copy, String request) throws IOException {
		try (RawConnection connection = copy.connect()) {
			return connection.send(request).answer();
		}
	}

	private static boolean refusesConnections(StowageProcess copy) throws IOException {
		return refusesConnections(copy.port());
	}

	private static boolean refusesConnections(int port) throws IOException {
		try {
			new RawConnection(port).close();
			return false;
		}
		catch (ConnectException ex) {
			return true;
		}
	}

	private static void requireCleanEnd(StowageProcess copy) throws IOException, InterruptedException {
		assertThat(copy.awaitEnd()).isEqualTo(StowageProcess.TERMINATED);
		assertThat(copy.output()).doesNotContain("ERROR").doesNotContain("\tat ");
	}

}
