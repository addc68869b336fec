package dev.stowage.storage.embedded;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

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

/** Which requests the embedded store admits, and how much each client may hold. */
class EmbeddedGateTests {

	private static final ObjectKey KEY = new ObjectKey("tests/a");

	private static final int LARGER_THAN_SOCKETS = 16 * 1024 * 1024;

	private static final String ZERO = "0000000000000000000000000000000000000000000000000000000000000000";

	private static final String LONG_BODY = "Content-Length: " + (31 << 20);

	private static final EmbeddedLimits WIDE = new EmbeddedLimits(100, Duration.ofSeconds(10), 100,
			Duration.ofSeconds(30), Duration.ofSeconds(30));

	@TempDir
	private Path folder;

	private final List<Socket> clients = new ArrayList<>();

	@AfterEach
	void closeClients() throws IOException {
		for (Socket client : this.clients) {
			client.close();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "x-amz-content-sha256: UNSIGNED-PAYLOAD", "x-amz-content-sha256: " + ZERO,
			"x-amz-content-sha256: STREAMING-AWS4-HMAC-SHA256-PAYLOAD", "x-other: 1" })
	void refusesWrongSignatureBeforeTheBodyCame(String header) throws Exception {
		try (EmbeddedS3 engine = start(WIDE)) {
			assertThat(answer(engine, "PUT /stowage/tests/a", authorization(keyOf(engine)), header, LONG_BODY))
				.startsWith("HTTP/1.1 403");
			assertThat(answer(engine, "PUT /stowage/tests/a", authorization("another"), header, LONG_BODY))
				.startsWith("HTTP/1.1 403");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "?X-Amz-Algorithm=AWS4-HMAC-SHA256",
			"?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=another%2F20260101%2Fus-east-1%2Fs3%2Faws4_request"
					+ "&X-Amz-Date=20260101T000000Z&X-Amz-Expires=600&X-Amz-SignedHeaders=host&X-Amz-Signature=" + ZERO,
			"?AWSAccessKeyId=KEY&Signature=0&Expires=9999999999" })
	void refusesWhatIsNotSignedBeforeTheBodyCame(String query) throws Exception {
		try (EmbeddedS3 engine = start(WIDE)) {
			for (String method : List.of("PUT", "POST", "DELETE", "PATCH")) {
				assertThat(answer(engine, method + " /stowage/tests/a" + query.replace("KEY", keyOf(engine)), LONG_BODY,
						"x-amz-content-sha256: " + ZERO))
					.as(method)
					.startsWith("HTTP/1.1 403");
			}
		}
	}

	@Test
	void refusesSignedUrlUnderHeaderOfAnother() throws Exception {
		try (EmbeddedS3 engine = start(WIDE); StoreUnderTest its = new StoreUnderTest(engine.connection(), 4)) {
			URI url = its.store().signPut(KEY, Duration.ofMinutes(1)).url();
			assertThat(answer(engine, "PUT " + url.getRawPath() + "?" + url.getRawQuery(), authorization(keyOf(engine)),
					"x-amz-content-sha256: " + ZERO, LONG_BODY))
				.startsWith("HTTP/1.1 403");
		}
	}

	@Test
	void refusesSignedUrlWhoseBodyComesInSignedChunks() throws Exception {
		try (EmbeddedS3 engine = start(WIDE); StoreUnderTest its = new StoreUnderTest(engine.connection(), 4)) {
			URI url = its.store().signPut(KEY, Duration.ofMinutes(1)).url();
			assertThat(answer(engine, "PUT " + url.getRawPath() + "?" + url.getRawQuery(),
					"x-amz-content-sha256: STREAMING-AWS4-HMAC-SHA256-PAYLOAD", LONG_BODY))
				.startsWith("HTTP/1.1 403");
		}
	}

	@Test
	void tellsBrowsersNotToGuessTypes() throws Exception {
		try (EmbeddedS3 engine = start(WIDE); StoreUnderTest its = new StoreUnderTest(engine.connection(), 4)) {
			its.store().put(KEY, Samples.stream(new byte[1]), 1);
			URI url = its.store().signGet(KEY, Duration.ofMinutes(1), "text/plain", "attachment").url();
			try (Socket client = reader(engine, url)) {
				client.setSoTimeout(20_000);
				List<String> head = new BufferedReader(
						new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII))
					.lines()
					.takeWhile((line) -> !line.isEmpty())
					.toList();
				assertThat(head).contains("X-Content-Type-Options: nosniff").first().asString().contains(" 200 ");
			}
		}
	}

	@Test
	void closesConnectionsThatTakeLongForTheirHeaders() throws Exception {
		try (EmbeddedS3 engine = start(
				new EmbeddedLimits(100, Duration.ofSeconds(10), 100, Duration.ofSeconds(1), Duration.ofSeconds(30)))) {
			Socket slow = connect(engine);
			long begun = System.nanoTime();
			String rest = "GET /stowage HTTP/1.1\r\nHost: localhost\r\nx-long: " + "a".repeat(1000);
			int sent = 0;
			while (sent < rest.length() && isOpen(slow)) {
				slow.getOutputStream().write(rest.charAt(sent++));
			}
			assertThat(sent).isLessThan(rest.length());
			assertThat(Duration.ofNanos(System.nanoTime() - begun)).isBetween(Duration.ofMillis(900),
					Duration.ofSeconds(15));
		}
	}

	/** Waits a moment for its end. */
	private static boolean isOpen(Socket client) {
		try {
			client.setSoTimeout(50);
			return client.getInputStream().read() >= 0;
		}
		catch (SocketTimeoutException ex) {
			return true;
		}
		catch (IOException ex) {
			return false;
		}
	}

	@Test
	void servesItsOwnServerWhileSilentConnectionsFillTheRoom() throws Exception {
		try (EmbeddedS3 engine = start(
				new EmbeddedLimits(100, Duration.ofSeconds(10), 10, Duration.ofSeconds(30), Duration.ofSeconds(30)));
				StoreUnderTest its = new StoreUnderTest(engine.connection(), 4)) {
			for (int i = 0; i < 50; i++) {
				connect(engine);
			}
			its.store().put(KEY, Samples.stream(new byte[1]), 1);
			assertThat(its.store().find(KEY)).isPresent();
			Soon.await().until(() -> this.clients.stream().filter((client) -> !isOpen(client)).count() >= 40);
		}
	}

	@Test
	void servesItsOwnServerWhileReadersOfSignedUrlsHoldAllPlaces() throws Exception {
		try (EmbeddedS3 engine = start(
				new EmbeddedLimits(2, Duration.ofMillis(500), 100, Duration.ofSeconds(30), Duration.ofSeconds(30)));
				StoreUnderTest its = new StoreUnderTest(engine.connection(), 4)) {
			its.store().put(KEY, Samples.stream(new byte[LARGER_THAN_SOCKETS]), LARGER_THAN_SOCKETS);
			ObjectKey other = Samples.newKey();
			its.store().put(other, Samples.stream(new byte[LARGER_THAN_SOCKETS]), LARGER_THAN_SOCKETS);
			URI url = its.store().signGet(KEY, Duration.ofMinutes(5), "text/plain", "inline").url();
			Socket first = reader(engine, url);
			assertThat(status(first)).contains("200");
			URI others = its.store().signGet(other, Duration.ofMinutes(5), "text/plain", "inline").url();
			assertThat(status(reader(engine, others))).contains("200");
			URI third = its.store().signGet(Samples.newKey(), Duration.ofMinutes(5), "text/plain", "inline").url();
			assertThat(status(reader(engine, third))).contains("503");
			assertThat(its.store().find(KEY)).isPresent();
			first.close();
			Soon.await().until(() -> status(reader(engine, url)).contains("200"));
		}
	}

	private EmbeddedS3 start(EmbeddedLimits limits) {
		return EmbeddedS3.start(
				new StorageProperties(this.folder, List.of(), Duration.ofMinutes(5), StoreUnderTest.embedded(0)),
				limits);
	}

	private static String keyOf(EmbeddedS3 engine) {
		return engine.connection().credentials().resolveCredentials().accessKeyId();
	}

	private static String authorization(String accessKeyId) {
		String now = DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").format(LocalDateTime.now(ZoneOffset.UTC));
		return "x-amz-date: " + now + "\r\nAuthorization: AWS4-HMAC-SHA256 Credential=" + accessKeyId
				+ "/20260101/us-east-1/s3/aws4_request,"
				+ " SignedHeaders=host;x-amz-content-sha256;x-amz-date, Signature=" + ZERO;
	}

	/** For a request of which only the headers are sent. */
	private String answer(EmbeddedS3 engine, String request, String... headers) throws IOException {
		return status(ask(connect(engine), request, headers));
	}

	private Socket reader(EmbeddedS3 engine, URI url) throws IOException {
		return ask(connect(engine), "GET " + url.getRawPath() + "?" + url.getRawQuery());
	}

	private static Socket ask(Socket client, String request, String... headers) throws IOException {
		client.getOutputStream()
			.write((request + " HTTP/1.1\r\nHost: 127.0.0.1:" + client.getPort() + "\r\n"
					+ Stream.of(headers).map((header) -> header + "\r\n").collect(Collectors.joining()) + "\r\n")
				.getBytes(StandardCharsets.US_ASCII));
		return client;
	}

	private static String status(Socket client) throws IOException {
		client.setSoTimeout(20_000);
		return new String(client.getInputStream().readNBytes("HTTP/1.1 403".length()), StandardCharsets.US_ASCII);
	}

	private Socket connect(EmbeddedS3 engine) throws IOException {
		Socket client = new Socket();
		this.clients.add(client);
		client.setReceiveBufferSize(1024);
		client.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(),
				engine.connection().endpoint().orElseThrow().getPort()));
		return client;
	}

}
