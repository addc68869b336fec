package dev.stowage.http.overload;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.stowage.http.HttpProperties;
import dev.stowage.support.Form;
import dev.stowage.support.HeldUpload;
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

/** Clients that send slowly or not at all: how long the server waits for them. */
class SlowCallerTests {

	private static final int REQUESTS = 2;

	/** Short, so that the tests are fast. */
	private static final Duration HEAD = Duration.ofSeconds(1);

	private static final String KEY = "Authorization: Bearer " + StowageServer.ALICE + "\r\n";

	private static final String LIST = "GET /v1/files HTTP/1.1\r\nHost: localhost\r\n" + KEY + "\r\n";

	@TempDir
	static Path folder;

	private static StowageServer server;

	private final List<RawConnection> open = new ArrayList<>();

	@BeforeAll
	static void start() {
		server = StowageServer.start(folder, "stowage.max-requests=" + REQUESTS, "stowage.upload-timeout=2s",
				"server.tomcat.connection-timeout=" + HEAD.toSeconds() + "s", "server.tomcat.keep-alive-timeout=60s");
	}

	@AfterAll
	static void stop() {
		server.close();
	}

	@AfterEach
	void hangUp() throws IOException {
		for (RawConnection connection : this.open) {
			connection.close();
		}
		await().until(() -> server.connections() == 0);
	}

	@ParameterizedTest
	@ValueSource(strings = { "GET /v1/files HTTP/1.1\r\nHost: localhost\r\nX: ", "\r\n\r\n\r\n", "", "GET" })
	void haveATimeInAllForTheHeadOfARequest(String begun) throws IOException {
		RawConnection slow = connect().send(begun);
		assertThat(timeUntilClosed(slow, begun.startsWith("\r") ? "\r\n" : "x")).isLessThan(HEAD.multipliedBy(3));
	}

	@Test
	void haveTheSameTimeForTheNextHead() throws IOException {
		RawConnection slow = connect().send(LIST);
		assertThat(slow.answer()).startsWith("HTTP/1.1 200").doesNotContainIgnoringCase("Connection: close");
		slow.send("GET /v1/files HTTP/1.1\r\nX: ");
		assertThat(timeUntilClosed(slow, "x")).isLessThan(HEAD.multipliedBy(3));
	}

	@Test
	void mayPauseBetweenRequests() throws Exception {
		RawConnection idle = connect().send(LIST);
		assertThat(idle.answer()).startsWith("HTTP/1.1 200");
		Thread.sleep(HEAD.multipliedBy(2));
		assertThat(idle.send(LIST).answer()).startsWith("HTTP/1.1 200");
	}

	/** Sends a little at intervals until the server has closed. */
	private static Duration timeUntilClosed(RawConnection slow, String little) {
		long start = System.nanoTime();
		try {
			while (System.nanoTime() - start < Duration.ofSeconds(30).toNanos()) {
				slow.send(little);
				Thread.sleep(100);
			}
		}
		catch (IOException ex) {
			// closed
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		return Duration.ofNanos(System.nanoTime() - start);
	}

	@ParameterizedTest
	@ValueSource(strings = { "GET /actuator/health/liveness", "GET /actuator/health", "GET /docs", "GET /openapi.json",
			"GET /v1/files", "HEAD /v1/files", "DELETE /v1/files/file-x", "OPTIONS /v1/files", "TRACE /v1/files" })
	void areNotWaitedForWhereABodyMeansNothing(String route) throws IOException {
		// the first request is slow
		connect().send(route + " HTTP/1.1\r\nHost: localhost\r\n" + KEY + "Connection: close\r\n\r\n").rest();
		for (String framing : List.of("Content-Length: 10", "Transfer-Encoding: chunked")) {
			long start = System.nanoTime();
			RawConnection silent = connect()
				.send(route + " HTTP/1.1\r\nHost: localhost\r\n" + KEY + framing + "\r\n\r\n");
			assertThat(silent.rest()).startsWith("HTTP/1.1 ").contains("Connection: close");
			assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(1));
		}
	}

	@Test
	void keepTheirConnectionWhereSuchABodyIsThere() throws IOException {
		RawConnection connection = connect();
		String head = "DELETE /v1/files/file-x HTTP/1.1\r\nHost: localhost\r\n" + KEY + "Content-Length: 2\r\n\r\n{}";
		assertThat(connection.send(head).answer()).startsWith("HTTP/1.1 404");
		assertThat(connection.send(head).answer()).startsWith("HTTP/1.1 404");
		assertThat(connection
			.send("POST /v1/files/file-x/complete HTTP/1.1\r\nHost: localhost\r\n" + KEY
					+ "Content-Length: 2\r\n\r\n{}")
			.answer()).startsWith("HTTP/1.1 404");
		assertThat(connection.send(LIST).answer()).startsWith("HTTP/1.1 200");
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "POST /v1/files/file-x/complete", "POST /docs", "POST /actuator/health", "POST /v1/files" })
	void areAnsweredBeforeABodyThatDoesNotCome(String route) throws IOException {
		RawConnection silent = connect()
			.send(route + " HTTP/1.1\r\nHost: localhost\r\n" + KEY + "Content-Length: 10\r\n\r\n");
		long start = System.nanoTime();
		assertThat(silent.rest()).startsWith("HTTP/1.1 4");
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
	}

	/** The server does not wait for single bytes. */
	@Test
	void takeNoPlaceFromOwnersWhileTheyAreRefused() throws Exception {
		for (int i = 0; i < REQUESTS + 1; i++) {
			this.open.add(stranger());
		}
		AtomicBoolean over = new AtomicBoolean();
		Thread drip = Thread.startVirtualThread(() -> drip(over));
		try {
			for (int i = 0; i < 10; i++) {
				assertThat(server.alice().get("/v1/files").status()).isEqualTo(200);
				Thread.sleep(50);
			}
			long start = System.nanoTime();
			for (RawConnection stranger : this.open) {
				assertThat(stranger.statusLine()).startsWith("HTTP/1.1 401");
			}
			assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
		}
		finally {
			over.set(true);
			drip.join();
		}
	}

	private static RawConnection stranger() throws IOException {
		return new RawConnection(server).send("POST /v1/files HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
				+ Form.CONTENT_TYPE + "\r\nContent-Length: 1000000\r\n\r\n");
	}

	private void drip(AtomicBoolean over) {
		while (!over.get()) {
			for (RawConnection connection : List.copyOf(this.open)) {
				try {
					connection.send("x");
				}
				catch (IOException ex) {
					// it was answered and closed
				}
			}
			try {
				Thread.sleep(100);
			}
			catch (InterruptedException ex) {
				return;
			}
		}
	}

	@Test
	void areNotReadWhereTooManyAreRefusedAtOnce() throws Exception {
		int refused = Capacity.of(server.bean("stowage-dev.stowage.http.HttpProperties", HttpProperties.class))
			.strangers();
		List<RawConnection> waitedFor = new ArrayList<>();
		for (int i = 0; i < refused; i++) {
			waitedFor.add(stranger());
		}
		this.open.addAll(waitedFor);
		Thread.sleep(500);
		long start = System.nanoTime();
		RawConnection next = stranger();
		this.open.add(next);
		assertThat(next.rest()).startsWith("HTTP/1.1 401").contains("Connection: close");
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(1));
	}

	/** Tomcat reads the whole head of a chunk before it reports the chunk. */
	@ParameterizedTest
	@ValueSource(strings = { "5;extension=", "0\r\nTrailer: " })
	void areNotWaitedForBetweenTheChunksOfAnUploadEither(String framing) throws Exception {
		RawConnection slow = connect().uploadHead("Transfer-Encoding: chunked").send(framing);
		assertThat(timeUntilClosed(slow, "x")).isLessThan(Duration.ofSeconds(15));
	}

	@ParameterizedTest
	@ValueSource(strings = { "Content-Length", "Transfer-Encoding" })
	void keepTheirConnectionAfterAnUploadWithSomethingBehindItsForm(String framing) throws Exception {
		byte[] form = new Form().field("purpose", "user_data").file("a.txt", "bytes").bytes();
		RawConnection connection = connect();
		if (framing.equals("Content-Length")) {
			connection.uploadHead("Content-Length: " + (form.length + 8), "Expect: 100-continue");
			assertThat(connection.statusLine()).isEqualTo("HTTP/1.1 100");
			assertThat(connection.statusLine()).isEmpty();
			connection.send(form).send("epilogue");
		}
		else {
			connection.uploadHead("Transfer-Encoding: chunked").send(Integer.toHexString(form.length) + "\r\n");
			connection.send(form).send("\r\n0\r\n\r\n");
		}
		assertThat(connection.answer()).startsWith("HTTP/1.1 200").doesNotContainIgnoringCase("Connection: close");
		assertThat(connection.send(LIST).answer()).startsWith("HTTP/1.1 200");
	}

	@Test
	void mayTakeTheTimeOfAnUploadForAnUpload() throws Exception {
		byte[] form = new Form().field("purpose", "user_data").file("a.txt", "bytes").bytes();
		HeldUpload upload = new HeldUpload(connect(), form, 10);
		Thread.sleep(HEAD.multipliedBy(3).dividedBy(2));
		assertThat(upload.finish()).startsWith("HTTP/1.1 200");
	}

	@Test
	void areToldOfAShortBodyThatDoesNotCome() throws Exception {
		RawConnection silent = connect().send("POST /v1/files HTTP/1.1\r\nHost: localhost\r\n" + KEY
				+ "Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{");
		long start = System.nanoTime();
		assertThat(silent.rest()).startsWith("HTTP/1.1 408").contains("\"code\":\"upload_timeout\"");
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(HEAD.multipliedBy(3));
	}

	private RawConnection connect() throws IOException {
		RawConnection connection = new RawConnection(server);
		this.open.add(connection);
		return connection;
	}

}
