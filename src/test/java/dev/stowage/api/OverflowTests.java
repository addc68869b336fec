package dev.stowage.api;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import dev.stowage.Answer;
import dev.stowage.Form;
import dev.stowage.RawConnection;
import dev.stowage.StowageServer;
import io.micrometer.core.instrument.MeterRegistry;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static dev.stowage.Soon.await;

/** All connections for which the server has room are open, and more come. */
class OverflowTests {

	/** As {@link Capacity} has them for one request. */
	private static final int CONNECTIONS = 1 + 8;

	private static final int CROWD = 200;

	private static final String REQUEST = "GET /v1/files HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
			+ StowageServer.ALICE + "\r\n\r\n";

	@TempDir
	static Path folder;

	private static StowageServer server;

	private final List<RawConnection> inside = new ArrayList<>();

	@BeforeAll
	static void start() {
		server = StowageServer.start(folder, "stowage.max-requests=1");
	}

	@AfterAll
	static void stop() {
		server.close();
	}

	@BeforeEach
	void takeAllRoom() throws IOException {
		for (int i = 0; i < CONNECTIONS; i++) {
			this.inside.add(new RawConnection(server));
		}
	}

	/** The next test finds room again. */
	@AfterEach
	void leave() throws IOException {
		for (RawConnection connection : this.inside) {
			connection.close();
		}
		await().until(() -> {
			try (RawConnection connection = new RawConnection(server)) {
				return connection.send(REQUEST).answer().startsWith("HTTP/1.1 200");
			}
		});
	}

	@Test
	void areAllToldToComeAgain() throws IOException {
		double before = turnedAway();
		List<RawConnection> crowd = new ArrayList<>();
		for (int i = 0; i < CROWD; i++) {
			crowd.add(new RawConnection(server).send(REQUEST));
		}
		for (RawConnection connection : crowd) {
			try (connection) {
				assertThat(connection.rest()).startsWith("HTTP/1.1 503 ")
					.containsPattern("Retry-After: ([1-9]|10)\r\n")
					.containsPattern("x-request-id: req_[0-9a-f]{32}\r\n")
					.contains("Content-Type: application/problem+json")
					.contains("Connection: close")
					.contains("\"code\":\"server_busy\"")
					.contains("\"type\":\"server_error\"");
			}
		}
		assertThat(turnedAway() - before).isEqualTo(CROWD);
		assertThat(this.inside.getFirst().send(REQUEST).answer()).startsWith("HTTP/1.1 200");
	}

	@Test
	void areToldWhenTheyHaveSentAll() {
		Answer answer = server.alice()
			.upload(new Form().field("purpose", "user_data").file("large", new byte[40 << 20]).bytes());
		assertThat(answer.status()).isEqualTo(503);
		assertThat(answer.text("code")).isEqualTo("server_busy");
		assertThat(answer.header("Retry-After")).isPresent();
	}

	@Test
	void areNotHeldOpenForSilence() throws IOException {
		try (RawConnection silent = new RawConnection(server)) {
			assertThat(silent.rest()).isEmpty();
		}
	}

	@Test
	void areNotHeldOpenForThoseWhoAreTold() throws IOException {
		try (RawConnection told = new RawConnection(server)) {
			assertThat(told.send(REQUEST).rest()).contains("server_busy");
			await().until(() -> isClosed(told));
		}
	}

	private static boolean isClosed(RawConnection connection) {
		try {
			connection.send("x");
			return false;
		}
		catch (IOException ex) {
			return true;
		}
	}

	private static double turnedAway() {
		return server.bean("prometheusMeterRegistry", MeterRegistry.class)
			.get("stowage.connections.turned.away")
			.counter()
			.count();
	}

}
