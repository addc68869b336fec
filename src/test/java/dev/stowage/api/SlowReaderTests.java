package dev.stowage.api;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import dev.stowage.support.Backing;
import dev.stowage.support.Form;
import dev.stowage.support.ManyRows;
import dev.stowage.support.OnEachBacking;
import dev.stowage.support.Soon;
import dev.stowage.support.StowageServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Clients that pause while they read, or read slowly. */
class SlowReaderTests extends OnEachBacking {

	private static final int SIZE = 16 * 1024 * 1024;

	/** More than the buffers between the server and a client hold. */
	private static final int PIECE = 3 * 1024 * 1024;

	@TempDir
	static Path folder;

	private static StowageServer server;

	private static String content = "";

	@BeforeParameterizedClassInvocation
	static void start(Backing backing) {
		server = StowageServer.start(backing, folder, "stowage.upload-timeout=2s", "stowage.min-download-rate=20KB");
		String id = server.alice()
			.upload(new Form().field("purpose", "user_data").file("a", new byte[SIZE]))
			.text("id");
		content = "/v1/files/" + id + "/content";
		ManyRows.write(server.database(), 10_000, "\u5b57".repeat(251) + ".png");
	}

	@AfterParameterizedClassInvocation
	static void stop() {
		server.close();
	}

	@ParameterizedTest
	@ValueSource(strings = { "content", "/v1/files" })
	void areDisconnectedWhenTheyTakeNothing(String path) throws Exception {
		Soon.await().until(() -> server.connections() == 0);
		try (Socket reader = ask(path)) {
			long begun = System.nanoTime();
			assertThat(reader.getInputStream().readNBytes(12)).asString(StandardCharsets.US_ASCII)
				.isEqualTo("HTTP/1.1 200");
			Soon.await().until(() -> server.connections() == 0);
			assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThan(Duration.ofSeconds(2));
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "content", "/v1/files" })
	void areDisconnectedWhenTheyTakeNextToNothing(String path) throws Exception {
		Soon.await().until(() -> server.connections() == 0);
		try (Socket reader = ask(path)) {
			for (int i = 0; i < 600 && (i < 5 || server.connections() > 0); i++) {
				assertThat(reader.getInputStream().readNBytes(500)).isNotEmpty();
				Thread.sleep(100);
			}
			assertThat(server.connections()).isZero();
		}
	}

	@Test
	void mayPauseAndBeSlow() throws Exception {
		try (Socket reader = ask("content")) {
			int taken = 0;
			for (int i = 0; i < 4; i++) {
				Thread.sleep(1_200);
				taken += reader.getInputStream().readNBytes(PIECE).length;
			}
			taken += reader.getInputStream().readAllBytes().length;
			assertThat(taken).isGreaterThan(SIZE);
		}
	}

	private static Socket ask(String path) throws IOException {
		Socket reader = new Socket();
		reader.setReceiveBufferSize(16 * 1024);
		reader.setSoTimeout(30_000);
		reader.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()));
		String head = String.join("\r\n", List.of("GET " + (path.equals("content") ? content : path) + " HTTP/1.1",
				"Host: localhost", "Authorization: Bearer " + StowageServer.ALICE, "Connection: close", "", ""));
		reader.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
		return reader;
	}

}
