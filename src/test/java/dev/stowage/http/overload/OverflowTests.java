package dev.stowage.http.overload;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import dev.stowage.support.Answer;
import dev.stowage.support.Command;
import dev.stowage.support.Form;
import dev.stowage.support.RawConnection;
import dev.stowage.support.StowageServer;
import io.micrometer.core.instrument.MeterRegistry;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static dev.stowage.support.Soon.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** All connections for which the server has room are open, and more arrive. */
class OverflowTests {

	/** As {@link Capacity} has them for one request. */
	private static final int CONNECTIONS = 1 + 8;

	private static final int CROWD = 200;

	private static final String ORIGIN = "https://app.example";

	private static final Duration SHORT = Duration.ofSeconds(1);

	private static final Duration LONG = Duration.ofSeconds(20);

	private static final String REQUEST = "GET /v1/files HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
			+ StowageServer.ALICE + "\r\n\r\n";

	@TempDir
	static Path folder;

	private static StowageServer server;

	private final List<RawConnection> inside = new ArrayList<>();

	@BeforeAll
	static void start() {
		server = StowageServer.start(folder, "stowage.max-requests=1", "stowage.cors-origins=" + ORIGIN);
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
		await().until(() -> server.connections() == CONNECTIONS);
	}

	@AfterEach
	void leave() throws IOException {
		for (RawConnection connection : this.inside) {
			connection.close();
		}
		await().until(() -> server.connections() == 0);
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
	void areToldWhereTheyAreAPageOfAnAllowedOrigin() throws IOException {
		try (RawConnection page = new RawConnection(server); RawConnection other = new RawConnection(server)) {
			page.send(REQUEST.replace("Host:", "origin: " + ORIGIN + "\r\nHost:"));
			assertThat(page.rest()).startsWith("HTTP/1.1 503 ")
				.contains("Access-Control-Allow-Origin: " + ORIGIN + "\r\n", "Vary: Origin\r\n")
				.contains("Access-Control-Expose-Headers: Retry-After, x-request-id\r\n");
			other.send(REQUEST.replace("Host:", "Origin: https://other.example\r\nHost:"));
			assertThat(other.rest()).startsWith("HTTP/1.1 503 ").doesNotContain("Access-Control");
		}
	}

	/** Otherwise the orchestrator would restart the server. */
	@Test
	void learnThatTheServerLives() throws IOException {
		try (RawConnection liveness = new RawConnection(server); RawConnection readiness = new RawConnection(server)) {
			liveness.send("GET /actuator/health/liveness HTTP/1.1\r\nHost: localhost\r\n\r\n");
			readiness.send("GET /actuator/health/readiness HTTP/1.1\r\nHost: localhost\r\n\r\n");
			assertThat(liveness.rest()).startsWith("HTTP/1.1 200 ").endsWith("{\"status\":\"UP\"}");
			assertThat(readiness.rest()).startsWith("HTTP/1.1 503 ");
		}
	}

	@Test
	void findRoomThatIdleConnectionsWouldTake() throws IOException {
		RawConnection kept = this.inside.removeFirst();
		assertThat(kept.send(REQUEST).answer()).startsWith("HTTP/1.1 200").contains("Connection: close");
		kept.close();
		leave();
		this.inside.add(new RawConnection(server));
		assertThat(this.inside.getLast().send(REQUEST).answer()).startsWith("HTTP/1.1 200")
			.doesNotContainIgnoringCase("Connection: close");
	}

	@Test
	void findRoomThatSilentConnectionsWouldTake(@TempDir Path folder) throws IOException {
		try (StowageServer impatient = StowageServer.start(folder, "stowage.max-requests=1",
				"server.tomcat.connection-timeout=1s")) {
			for (int i = 0; i < CONNECTIONS; i++) {
				this.inside.add(new RawConnection(impatient));
			}
			await().until(() -> impatient.connections() == 0);
			try (RawConnection next = new RawConnection(impatient)) {
				assertThat(next.send(REQUEST).answer()).startsWith("HTTP/1.1 200");
			}
		}
	}

	/** Clients that expect TLS cannot read a plain answer. */
	@Test
	void waitWhereTheServerSpeaksTls(@TempDir Path folder) throws IOException {
		Path keys = folder.resolve("keys.p12");
		Command.run(folder, Map.of(), Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
				"-genkeypair", "-keyalg", "EC", "-dname", "CN=localhost", "-keystore", keys.toString(), "-storepass",
				"not-secret");
		try (StowageServer tls = StowageServer.start(folder, "stowage.max-requests=1", "server.ssl.key-store=" + keys,
				"server.ssl.key-store-password=not-secret")) {
			for (int i = 0; i < CONNECTIONS; i++) {
				this.inside.add(new RawConnection(tls));
			}
			await().until(() -> tls.connections() == CONNECTIONS);
			try (Socket beyond = new Socket(InetAddress.getLoopbackAddress(), tls.port())) {
				beyond.setSoTimeout(500);
				beyond.getOutputStream().write(1);
				assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(beyond.getInputStream()::read);
			}
			assertThat(tls.connections()).isEqualTo(CONNECTIONS);
		}
	}

	@Test
	void areToldThoughTheySayNothingAndClosedThoughTheyStay() throws Exception {
		try (Overflow overflow = new Overflow(1, SHORT, LONG, List.of()); Pairs pairs = new Pairs()) {
			Socket silent = pairs.connect(overflow);
			assertThat(new String(silent.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
				.startsWith("HTTP/1.1 503 ");
			await().until(() -> overflow.free() == 1);
		}
	}

	@Test
	void areClosedThoughTheyGoOnSending() throws Exception {
		try (Overflow overflow = new Overflow(1, LONG, SHORT.multipliedBy(2), List.of()); Pairs pairs = new Pairs()) {
			Socket client = pairs.connect(overflow);
			await().until(() -> isClosed(client));
			assertThat(overflow.free()).isEqualTo(1);
		}
	}

	private static boolean isClosed(Socket client) {
		try {
			client.getOutputStream().write(1);
			return false;
		}
		catch (IOException ex) {
			return true;
		}
	}

	/** In each way of closing: after the answer, before it, or with a reset. */
	@Test
	void takeNoPlaceForGood() throws Exception {
		try (Overflow overflow = new Overflow(CROWD, SHORT, LONG, List.of()); Pairs pairs = new Pairs()) {
			for (int i = 0; i < CROWD; i++) {
				Socket client = pairs.connect(overflow);
				if (i % 2 == 0) {
					client.getOutputStream().write(1);
				}
				if (i % 3 == 0) {
					client.setSoLinger(true, 0);
				}
				if (i % 5 != 0) {
					client.close();
				}
			}
			await().until(() -> overflow.free() == CROWD);
		}
	}

	@Test
	void areClosedWhenThereIsNoPlaceOrTheServerStops() throws Exception {
		try (Pairs pairs = new Pairs()) {
			Overflow overflow = new Overflow(1, LONG, LONG, List.of());
			Socket first = pairs.connect(overflow);
			Socket second = pairs.connect(overflow);
			assertThat(second.getInputStream().read()).isEqualTo(-1);
			assertThat(overflow.free()).isZero();
			overflow.close();
			assertThat(first.getInputStream().read()).isEqualTo(-1);
			assertThat(pairs.connect(overflow).getInputStream().read()).isEqualTo(-1);
			assertThat(overflow.free()).isEqualTo(1);
		}
	}

	private static double turnedAway() {
		return server.bean("prometheusMeterRegistry", MeterRegistry.class)
			.get("stowage.turned.away")
			.tag("what", "connection")
			.counter()
			.count();
	}

	/** Connections, one end of which is passed to the code under test. */
	private static final class Pairs implements AutoCloseable {

		private final ServerSocketChannel door = ServerSocketChannel.open()
			.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));

		private final List<Socket> clients = new ArrayList<>();

		Pairs() throws IOException {
		}

		Socket connect(Overflow overflow) throws IOException {
			Socket client = new Socket(InetAddress.getLoopbackAddress(), this.door.socket().getLocalPort());
			client.setSoTimeout(20_000);
			this.clients.add(client);
			overflow.take(this.door.accept(), "127.0.0.1");
			return client;
		}

		@Override
		public void close() throws IOException {
			for (Socket client : this.clients) {
				client.close();
			}
			this.door.close();
		}

	}

}
