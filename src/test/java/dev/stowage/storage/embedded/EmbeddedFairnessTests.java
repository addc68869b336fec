package dev.stowage.storage.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import dev.stowage.storage.ObjectKey;
import dev.stowage.storage.StorageProperties;
import dev.stowage.storage.s3.Samples;
import dev.stowage.storage.s3.StoreUnderTest;
import dev.stowage.support.Soon;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Holders of signed URLs cannot block others at the embedded store. */
class EmbeddedFairnessTests {

	private static final Duration MINUTE = Duration.ofMinutes(1);

	private static final int PLACES = 8;

	private static final int LARGER_THAN_SOCKETS = 16 * 1024 * 1024;

	@TempDir
	Path folder;

	private final List<Socket> clients = new ArrayList<>();

	@AfterEach
	void closeClients() throws IOException {
		for (Socket client : this.clients) {
			client.close();
		}
	}

	@Test
	void leavesPlacesForOthersWhereOneUrlIsUsedManyTimes() throws Exception {
		try (EmbeddedS3 engine = start(); StoreUnderTest its = new StoreUnderTest(engine.connection(), 4)) {
			URI greedy = its.store().signPut(new ObjectKey("staging/a"), MINUTE).url();
			for (int i = 0; i < PLACES; i++) {
				begin(engine, greedy, "Content-Length: 1000");
			}
			URI other = its.store().signPut(new ObjectKey("staging/b"), MINUTE).url();
			Soon.await().atMost(Duration.ofSeconds(10)).until(() -> put(engine, other).contains(" 200"));
			// a store that stops waits for them
			closeClients();
		}
	}

	@Test
	void leavesPlacesForUploadsWhereReadersAreSilent() throws Exception {
		try (EmbeddedS3 engine = start(); StoreUnderTest its = new StoreUnderTest(engine.connection(), 4)) {
			List<URI> links = new ArrayList<>();
			for (int i = 0; i <= PLACES; i++) {
				ObjectKey key = new ObjectKey("files/r" + i);
				its.store().put(key, Samples.stream(new byte[LARGER_THAN_SOCKETS]), LARGER_THAN_SOCKETS);
				links.add(its.store().signGet(key, MINUTE, "text/plain", "attachment").url());
			}
			URI last = links.removeLast();
			for (URI link : links) {
				begin(engine, "GET", link, "x-a: b");
			}
			Soon.await().until(() -> status(begin(engine, "GET", last, "x-a: b")).contains(" 503"));
			for (int i = 0; i < PLACES; i++) {
				URI upload = its.store().signPut(new ObjectKey("staging/b" + i), MINUTE).url();
				Soon.await().atMost(Duration.ofSeconds(10)).until(() -> put(engine, upload).contains(" 200"));
			}
			// a store that stops waits for them
			closeClients();
		}
	}

	@Test
	void endsUploadsThatTrickle() throws Exception {
		try (EmbeddedS3 engine = start();
				StoreUnderTest its = new StoreUnderTest(engine.connection(), 4);
				ScheduledExecutorService drips = Executors.newSingleThreadScheduledExecutor()) {
			List<Socket> slow = new ArrayList<>();
			for (int i = 0; i < PLACES; i++) {
				slow.add(begin(engine, its.store().signPut(new ObjectKey("staging/s" + i), MINUTE).url(),
						"Content-Length: 1000000"));
			}
			Future<?> dripping = drips.scheduleAtFixedRate(() -> slow.forEach(EmbeddedFairnessTests::drip), 1, 1,
					TimeUnit.SECONDS);
			URI other = its.store().signPut(new ObjectKey("staging/b"), MINUTE).url();
			Soon.await().atMost(Duration.ofSeconds(50)).until(() -> put(engine, other).contains(" 200"));
			assertThat(dripping.cancel(true)).isTrue();
			closeClients();
		}
	}

	/** RFC 9112, 6.3 and 3.2. */
	@ParameterizedTest
	@ValueSource(strings = { "Content-Length: 3\r\nTransfer-Encoding: chunked", "Host: other\r\nContent-Length: 3",
			"x-odd : 1\r\nContent-Length: 3", "x-folded: 1\r\n\tx-more: 2\r\nContent-Length: 3" })
	void refusesWhatTwoServersMayReadDifferently(String headers) throws Exception {
		try (EmbeddedS3 engine = start(); StoreUnderTest its = new StoreUnderTest(engine.connection(), 4)) {
			URI url = its.store().signPut(new ObjectKey("staging/a"), MINUTE).url();
			Socket client = begin(engine, url, headers);
			client.getOutputStream().write("3\r\n[1]\r\n0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
			assertThat(status(client)).contains(" 400");
		}
	}

	private static void drip(Socket client) {
		try {
			client.getOutputStream().write(' ');
		}
		catch (IOException ex) {
			// was ended
		}
	}

	private EmbeddedS3 start() {
		return EmbeddedS3.start(
				new StorageProperties(this.folder, List.of(), Duration.ofMinutes(5), StoreUnderTest.embedded(0)),
				new EmbeddedLimits(PLACES, Duration.ofMillis(500), 100, Duration.ofSeconds(30),
						Duration.ofSeconds(30)));
	}

	private String put(EmbeddedS3 engine, URI url) throws IOException {
		return status(begin(engine, url, "Content-Length: 0"));
	}

	private static String status(Socket client) throws IOException {
		client.setSoTimeout(20_000);
		try {
			return new String(client.getInputStream().readNBytes("HTTP/1.1 200".length()), StandardCharsets.US_ASCII);
		}
		catch (SocketException ex) {
			return "ended";
		}
	}

	private Socket begin(EmbeddedS3 engine, URI url, String headers) throws IOException {
		return begin(engine, "PUT", url, headers);
	}

	private Socket begin(EmbeddedS3 engine, String method, URI url, String headers) throws IOException {
		int port = engine.connection().endpoint().orElseThrow().getPort();
		Socket client = new Socket();
		this.clients.add(client);
		client.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
		client.getOutputStream()
			.write((method + " " + url.getRawPath() + "?" + url.getRawQuery() + " HTTP/1.1\r\nHost: 127.0.0.1:" + port
					+ "\r\n" + headers + "\r\n\r\n")
				.getBytes(StandardCharsets.US_ASCII));
		return client;
	}

}
