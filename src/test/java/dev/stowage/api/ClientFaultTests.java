package dev.stowage.api;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;

import dev.stowage.storage.s3.EngineOf;
import dev.stowage.support.Caller;
import dev.stowage.support.Form;
import dev.stowage.support.RawConnection;
import dev.stowage.support.StowageServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static dev.stowage.support.Soon.await;
import static org.assertj.core.api.Assertions.assertThat;

/** What is left of clients that vanish, stop or trickle. */
class ClientFaultTests {

	private static final byte[] PARTS = new byte[20 * 1024 * 1024];

	@TempDir
	static Path folder;

	private static StowageServer server;

	private static Caller alice;

	private static EngineOf engine;

	@BeforeAll
	static void start() {
		server = StowageServer.start(folder, "stowage.upload-timeout=2s");
		alice = server.alice();
		engine = server.engine();
	}

	@AfterAll
	static void stop() {
		server.close();
	}

	@AfterEach
	void removeFiles() {
		server.clock().reset();
		alice.get("/v1/files").ids().forEach((id) -> alice.delete("/v1/files/" + id));
	}

	@Test
	void keepsNothingOfAClientThatVanishesInTheMiddle() throws Exception {
		try (RawConnection connection = new RawConnection(server)) {
			connection.uploadHead("Content-Length: 100000000").send(unfinished());
			await().until(() -> !engine.openUploads().isEmpty());
			connection.vanish();
		}
		await().until(() -> engine.openUploads().isEmpty());
		assertNothingIsLeft();
	}

	@Test
	void keepsNothingOfAChunkedBodyThatIsCutBetweenChunks() throws Exception {
		byte[] form = unfinished();
		try (RawConnection connection = new RawConnection(server)) {
			connection.uploadHead("Transfer-Encoding: chunked").send(Integer.toHexString(form.length) + "\r\n");
			connection.send(form).send("\r\n").endOutput();
			assertThat(connection.statusLine()).isEqualTo("HTTP/1.1 400");
		}
		await().until(() -> engine.openUploads().isEmpty());
		assertNothingIsLeft();
	}

	@Test
	void endsAnUploadThatBringsNothingForItsLease() throws Exception {
		try (RawConnection connection = new RawConnection(server)) {
			connection.uploadHead("Content-Length: 100000000").send(unfinished());
			String answer = connection.rest();
			assertThat(answer).startsWith("HTTP/1.1 408").contains("\"code\":\"upload_timeout\"");
		}
		assertNothingIsLeft();
	}

	@Test
	void letsAnUploadGoOnThatOutlivesItsLeaseManyTimes() throws Exception {
		byte[] form = new Form().field("purpose", "user_data").file("a.bin", new byte[60_000]).bytes();
		try (RawConnection connection = new RawConnection(server)) {
			connection.uploadHead("Content-Length: " + form.length);
			for (int sent = 0; sent < form.length; sent += 1_000) {
				connection.send(Arrays.copyOfRange(form, sent, Math.min(sent + 1_000, form.length)));
				server.sweep();
				Thread.sleep(120);
			}
			assertThat(connection.statusLine()).startsWith("HTTP/1.1 200");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { Form.CONTENT_TYPE, "application/json" })
	void endsABodyThatTrickles(String contentType) throws Exception {
		try (RawConnection connection = new RawConnection(server)) {
			connection.send("POST /v1/files HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + StowageServer.ALICE
					+ "\r\nContent-Type: " + contentType + "\r\nContent-Length: 100000000\r\n\r\n");
			Thread trickle = Thread.ofVirtual().start(() -> trickle(connection));
			assertThat(connection.answer()).startsWith("HTTP/1.1 408")
				.contains("\"code\":\"upload_timeout\"")
				.contains("too slow and was cancelled");
			assertThat(connection.rest()).isEmpty();
			trickle.join();
		}
		assertNothingIsLeft();
	}

	private static void trickle(RawConnection connection) {
		try {
			for (int i = 0; i < 600; i++) {
				connection.send(" ");
				Thread.sleep(100);
			}
		}
		catch (IOException | InterruptedException ex) {
			// the server has closed the connection, as it should
		}
	}

	private static byte[] unfinished() {
		return new Form().field("purpose", "user_data").file("a.bin", PARTS).unfinished();
	}

	@Test
	void goesOnAfterClientsThatLeaveTheirDownloads() throws Exception {
		String id = alice.upload(new Form().field("purpose", "user_data").file("a.bin", PARTS)).text("id");
		for (int i = 0; i < 20; i++) {
			try (RawConnection connection = new RawConnection(server)) {
				connection.send("GET /v1/files/" + id + "/content HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
						+ StowageServer.ALICE + "\r\n\r\n");
				assertThat(connection.statusLine()).startsWith("HTTP/1.1 200");
				connection.vanish();
			}
		}
		assertThat(alice.get("/v1/files/" + id + "/content").bytes()).isEqualTo(PARTS);
	}

	/** After leases have run out and the sweeper has run. */
	private static void assertNothingIsLeft() {
		assertThat(alice.get("/v1/files").ids()).isEmpty();
		server.clock().move(Duration.ofMinutes(3));
		server.sweep();
		assertThat(engine.keys()).isEmpty();
		assertThat(engine.openUploads()).isEmpty();
	}

}
