package dev.stowage.storage.embedded;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

import dev.stowage.storage.ObjectDamagedException;
import dev.stowage.storage.ObjectKey;
import dev.stowage.storage.SignedRequest;
import dev.stowage.storage.StorageProperties;
import dev.stowage.storage.StorageStartException;
import dev.stowage.storage.s3.Grower;
import dev.stowage.storage.s3.Samples;
import dev.stowage.storage.s3.StoreUnderTest;
import dev.stowage.storage.s3.TestStore;
import dev.stowage.support.Together;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

class EmbeddedS3Tests {

	private static final ObjectKey KEY = new ObjectKey("tests/a");

	private static final int LARGER_THAN_SOCKETS = 16 * 1024 * 1024;

	/** Jetty's own default. */
	private static final int MORE_THAN_THREADS = 200 + 10;

	@TempDir
	private Path folder;

	private final HttpClient http = HttpClient.newHttpClient();

	@Test
	void keepsObjectsAndSignedUrlsOverRestart() throws Exception {
		SignedRequest signed;
		int port;
		try (EmbeddedS3 engine = start(0); StoreUnderTest subject = new StoreUnderTest(engine.connection(), 4)) {
			port = port(engine);
			subject.store().put(KEY, Samples.stream(new byte[] { 'a' }), 1);
			signed = subject.store().signGet(KEY, Duration.ofMinutes(5), "text/plain", "inline");
		}
		try (EmbeddedS3 engine = start(port)) {
			assertThat(port(engine)).isEqualTo(port);
			HttpResponse<String> answer = this.http.send(HttpRequest.newBuilder(signed.url()).build(),
					HttpResponse.BodyHandlers.ofString());
			assertThat(answer.statusCode()).isEqualTo(200);
			assertThat(answer.body()).isEqualTo("a");
		}
	}

	@Test
	void acceptsUploadsWhileTheLastObjectOfTheirFolderIsRemoved() throws Exception {
		try (TestStore engine = TestStore.embedded(this.folder)) {
			List<List<Integer>> statuses = Together.run(4, () -> {
				List<Integer> mine = new ArrayList<>();
				for (int i = 0; i < 150; i++) {
					ObjectKey key = new ObjectKey("staging/" + UUID.randomUUID());
					mine.add(engine.send(engine.store().signPut(key, Duration.ofMinutes(1)), new byte[] { 'a' }));
					engine.store().delete(key);
				}
				return mine;
			});
			assertThat(statuses).flatMap((mine) -> mine).containsOnly(200);
			assertThat(engine.keys()).isEmpty();
		}
	}

	@Test
	void removesWhatKilledProcessWasWriting() throws Exception {
		Path whole = this.folder.resolve("objects/stowage/tests/a");
		Path half;
		try (EmbeddedS3 engine = start(0); StoreUnderTest its = new StoreUnderTest(engine.connection(), 4)) {
			its.store().put(KEY, Samples.stream(new byte[] { 'a' }), 1);
			its.openUpload(new ObjectKey("tests/c"));
			URI url = its.store().signPut(new ObjectKey("tests/b"), Duration.ofMinutes(1)).url();
			try (Socket client = new Socket(loopback(1), port(engine))) {
				ask(client, "PUT", url, "Content-Length: 2\r\n\r\nb");
				half = awaitOther(whole);
			}
		}
		// as it was while the process lived
		Files.write(half, new byte[] { 'b' });
		start(0).close();
		try (var files = Files.walk(this.folder.resolve("objects"))) {
			assertThat(files.filter(Files::isRegularFile)).containsExactly(whole);
		}
	}

	@Test
	void keepsUploadsThatAreContinuedOverRestart() throws Exception {
		ObjectKey key = new ObjectKey("files/a.1");
		byte[] bytes = Samples.bytes(2 * Samples.BUFFER);
		Grower object = new Grower(key);
		for (int part = 0; part < 2; part++) {
			try (EmbeddedS3 engine = start(0); StoreUnderTest its = new StoreUnderTest(engine.connection(), 4)) {
				object.append(its.store(), new ByteArrayInputStream(bytes, part * Samples.BUFFER, Samples.BUFFER),
						Samples.BUFFER);
			}
			// as a killed process leaves it
			try (var uploads = Files.newDirectoryStream(this.folder.resolve("objects/stowage"), ".mpus-*")) {
				Files.write(uploads.iterator().next().resolve("a.1-3-" + UUID.randomUUID()), new byte[] { 'b' });
			}
		}
		try (EmbeddedS3 engine = start(0); StoreUnderTest its = new StoreUnderTest(engine.connection(), 4)) {
			object.finish(its.store());
			assertThat(its.store().open(key, bytes.length, 0, bytes.length).orElseThrow().readAllBytes())
				.isEqualTo(bytes);
		}
		try (var files = Files.walk(this.folder.resolve("objects"))) {
			assertThat(files.filter(Files::isRegularFile))
				.containsExactly(this.folder.resolve("objects/stowage/files/a.1"));
		}
	}

	@Test
	void refusesPartsOfAnUploadThatWasAborted() throws Exception {
		Grower object = new Grower(new ObjectKey("files/a.1"));
		try (EmbeddedS3 engine = start(0); StoreUnderTest its = new StoreUnderTest(engine.connection(), 4)) {
			object.append(its.store(), Samples.stream(Samples.bytes(Samples.BUFFER)), Samples.BUFFER);
			its.store().abortUploads("files/a.");
			assertThatExceptionOfType(ObjectDamagedException.class).isThrownBy(() -> object.append(its.store(),
					Samples.stream(Samples.bytes(3 * Samples.BUFFER)), 3 * Samples.BUFFER));
		}
		try (var files = Files.walk(this.folder.resolve("objects"))) {
			assertThat(files.filter(Files::isRegularFile)).isEmpty();
		}
	}

	@Test
	void stopsWithTheLastAnswerItOwes() throws Exception {
		EmbeddedS3 engine = start(0);
		int port = port(engine);
		try (StoreUnderTest its = new StoreUnderTest(engine.connection(), 4);
				Socket client = new Socket(loopback(1), port)) {
			sendHalf(its, client);
			CompletableFuture<Void> stop = CompletableFuture.runAsync(() -> close(engine));
			await().until(() -> isRefused(port));
			client.getOutputStream().write('b');
			assertThat(rest(client)).startsWith("HTTP/1.1 200");
			assertThat(stop).succeedsWithin(Duration.ofSeconds(10));
		}
	}

	@Test
	void endsRequestsThatGoOnForTooLongWhenItStops() throws Exception {
		EmbeddedLimits limits = new EmbeddedLimits(100, Duration.ofSeconds(10), 100, Duration.ofSeconds(30),
				Duration.ofMillis(200));
		EmbeddedS3 engine = EmbeddedS3.start(properties(this.folder, List.of(), 0), limits);
		try (StoreUnderTest its = new StoreUnderTest(engine.connection(), 4);
				Socket client = new Socket(loopback(1), port(engine))) {
			sendHalf(its, client);
			engine.close();
			assertThat(rest(client)).doesNotContain("HTTP/1.1 200");
		}
	}

	/** Awaits that it is being written. */
	private void sendHalf(StoreUnderTest its, Socket client) throws Exception {
		URI url = its.store().signPut(KEY, Duration.ofMinutes(1)).url();
		ask(client, "PUT", url, "Content-Length: 2\r\n\r\na");
		Path folder = Files.createDirectories(this.folder.resolve("objects/stowage/tests"));
		awaitOther(folder.resolve("a"));
	}

	private static String rest(Socket client) throws IOException {
		client.setSoTimeout(10_000);
		return new String(client.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
	}

	private static boolean isRefused(int port) throws IOException {
		try (Socket another = new Socket(loopback(1), port)) {
			return !another.isConnected();
		}
		catch (ConnectException ex) {
			return true;
		}
	}

	private static void close(EmbeddedS3 engine) {
		try {
			engine.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static Path awaitOther(Path file) throws IOException, InterruptedException {
		for (int attempt = 0; attempt < 600; attempt++) {
			try (var files = Files.list(file.getParent())) {
				Optional<Path> other = files.filter((each) -> !each.equals(file)).findFirst();
				if (other.isPresent()) {
					return other.get();
				}
			}
			Thread.sleep(100);
		}
		throw new AssertionError("Nothing is being written beside " + file);
	}

	private static void ask(Socket client, String method, URI url, String more) throws IOException {
		client.getOutputStream()
			.write((method + " " + url.getRawPath() + "?" + url.getRawQuery() + " HTTP/1.1\r\nHost: "
					+ url.getAuthority() + "\r\n" + more)
				.getBytes(StandardCharsets.US_ASCII));
	}

	@Test
	void keepsNobodyWaitingForSlowReaders() throws Exception {
		List<Socket> readers = new ArrayList<>();
		try (EmbeddedS3 engine = start(0); StoreUnderTest subject = new StoreUnderTest(engine.connection(), 4)) {
			HttpRequest put = HttpRequest.newBuilder(subject.store().signPut(KEY, Duration.ofMinutes(1)).url())
				.PUT(HttpRequest.BodyPublishers.ofByteArray(new byte[LARGER_THAN_SOCKETS]))
				.build();
			assertThat(this.http.send(put, HttpResponse.BodyHandlers.discarding()).statusCode()).isEqualTo(200);
			URI url = subject.store().signGet(KEY, Duration.ofMinutes(5), "text/plain", "inline").url();
			for (int i = 0; i < MORE_THAN_THREADS; i++) {
				Socket reader = new Socket();
				readers.add(reader);
				reader.setReceiveBufferSize(1024);
				reader.setSoTimeout(20_000);
				reader.connect(new InetSocketAddress(loopback(1), port(engine)));
				ask(reader, "GET", url, "\r\n");
				assertThat(reader.getInputStream().read()).isEqualTo('H');
			}
			assertThat(subject.store().find(KEY)).isPresent();
		}
		finally {
			for (Socket reader : readers) {
				reader.close();
			}
		}
	}

	@Test
	void removesNothingWhileThePortIsTaken() throws Exception {
		Path half = this.folder.resolve("objects/stowage/tests/b-" + UUID.randomUUID());
		Files.createDirectories(half.getParent());
		Files.createFile(half);
		try (ServerSocket taken = new ServerSocket(0, 1, loopback(1))) {
			assertThatExceptionOfType(StorageStartException.class).isThrownBy(() -> start(taken.getLocalPort()));
		}
		assertThat(half).exists();
	}

	@Test
	void makesKeyThatOnlyItsOwnerCanRead() throws Exception {
		start(0).close();
		Path key = this.folder.resolve("embedded-s3.key");
		assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key))).isEqualTo("rw-------");
		assertThat(Files.readAllLines(key)).hasSize(2).satisfies((lines) -> {
			assertThat(lines.getFirst()).matches("[0-9a-f]{20}");
			assertThat(lines.getLast()).matches("[0-9a-f]{64}");
		});
		try (var files = Files.list(this.folder)) {
			assertThat(files.map(Path::getFileName).map(Path::toString)).containsExactlyInAnyOrder("embedded-s3.key",
					"embedded-s3.port", "objects");
		}
	}

	@Test
	void makesAnotherKeyForAnotherFolder(@TempDir Path other) throws Exception {
		start(0).close();
		EmbeddedS3.start(properties(other, List.of(), 0)).close();
		assertThat(other.resolve("embedded-s3.key")).content()
			.isNotEqualTo(Files.readString(this.folder.resolve("embedded-s3.key")));
	}

	@Test
	void saysThatThePortIsTakenAndWhatToSet() throws IOException {
		try (ServerSocket taken = new ServerSocket(0, 1, loopback(1))) {
			assertThatExceptionOfType(StorageStartException.class).isThrownBy(() -> start(taken.getLocalPort()))
				.withMessageContaining("port " + taken.getLocalPort())
				.withMessageContaining("STOWAGE_S3_EMBEDDED_PORT");
		}
	}

	@Test
	void saysThatTheFolderCannotBeUsed() throws IOException {
		Path file = Files.createFile(this.folder.resolve("file"));
		assertThatExceptionOfType(StorageStartException.class)
			.isThrownBy(() -> EmbeddedS3.start(properties(file, List.of(), 0)))
			.withMessageContaining("STOWAGE_DATA_DIR")
			.withMessageContaining(file.toString());
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "one line", "\n\n", "a\nb\nc" })
	void refusesKeyFileThatIsNoKey(String content) throws IOException {
		Path key = Files.writeString(this.folder.resolve("embedded-s3.key"), content);
		assertThatExceptionOfType(StorageStartException.class).isThrownBy(() -> start(0))
			.withMessageContaining("STOWAGE_DATA_DIR")
			.withMessageContaining("embedded-s3.key");
		assertThat(key).hasContent(content);
	}

	@Test
	void allowsConfiguredOriginsToPutAndGet() throws Exception {
		List<String> origins = List.of("https://app.example", "http://localhost:3000");
		try (EmbeddedS3 engine = EmbeddedS3.start(properties(this.folder, origins, 0))) {
			for (String method : List.of("PUT", "GET")) {
				assertThat(preflight(engine, "https://app.example", method)).contains("https://app.example");
				assertThat(preflight(engine, "http://localhost:3000", method)).contains("http://localhost:3000");
				assertThat(preflight(engine, "https://evil.example", method)).isEmpty();
				assertThat(preflight(engine, "https://appxexample", method)).isEmpty();
				assertThat(preflight(engine, "https://app.example.evil.example", method)).isEmpty();
			}
			assertThat(preflight(engine, "https://app.example", "DELETE")).isEmpty();
		}
	}

	@Test
	void letsAllowedOriginReadTheAnswer() throws Exception {
		try (EmbeddedS3 engine = EmbeddedS3.start(properties(this.folder, List.of("https://app.example"), 0));
				StoreUnderTest subject = new StoreUnderTest(engine.connection(), 4)) {
			URI url = subject.store().signPut(KEY, Duration.ofMinutes(1)).url();
			HttpResponse<Void> answer = this.http.send(HttpRequest.newBuilder(url)
				.header("Origin", "https://app.example")
				.PUT(HttpRequest.BodyPublishers.ofString("a"))
				.build(), HttpResponse.BodyHandlers.discarding());
			assertThat(answer.statusCode()).isEqualTo(200);
			assertThat(answer.headers().firstValue("Access-Control-Allow-Origin")).contains("https://app.example");
		}
	}

	@Test
	void allowsAnyOriginWhereConfigured() throws Exception {
		try (EmbeddedS3 engine = EmbeddedS3.start(properties(this.folder, List.of("*"), 0))) {
			assertThat(preflight(engine, "https://any.example", "PUT")).isPresent();
		}
	}

	@Test
	void allowsNoOriginUnlessConfigured() throws Exception {
		try (EmbeddedS3 engine = start(0)) {
			assertThat(preflight(engine, "https://app.example", "PUT")).isEmpty();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "/stowage", "/stowage?list-type=2", "/stowage/object" })
	void givesNothingToWhoeverDoesNotSign(String path) throws Exception {
		try (EmbeddedS3 engine = start(0); StoreUnderTest its = new StoreUnderTest(engine.connection(), 4)) {
			its.store().put(new ObjectKey("object"), new ByteArrayInputStream(new byte[1]), 1);
			URI url = URI.create("http://127.0.0.1:" + port(engine) + path);
			for (String method : List.of("GET", "HEAD", "PUT", "DELETE")) {
				HttpRequest request = HttpRequest.newBuilder(url)
					.method(method, HttpRequest.BodyPublishers.noBody())
					.build();
				assertThat(this.http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode())
					.as(method + " " + path)
					.isEqualTo(403);
			}
		}
	}

	@Test
	void listensOnLoopbackOnly() throws Exception {
		List<InetAddress> others = new ArrayList<>(List.of(loopback(2)));
		NetworkInterface.networkInterfaces()
			.flatMap(NetworkInterface::inetAddresses)
			.filter((address) -> !address.isLoopbackAddress())
			.forEach(others::add);
		try (EmbeddedS3 engine = start(0)) {
			connect(loopback(1), engine);
			assertThat(others)
				.allSatisfy((address) -> assertThatThrownBy(() -> connect(address, engine)).as(address.toString())
					.isInstanceOf(IOException.class));
		}
	}

	@Test
	void freesItsPortWhenClosed() throws Exception {
		int port;
		try (EmbeddedS3 engine = start(0)) {
			port = port(engine);
		}
		start(port).close();
	}

	private Optional<String> preflight(EmbeddedS3 engine, String origin, String method) throws Exception {
		URI url = URI.create("http://127.0.0.1:" + port(engine) + "/stowage/" + KEY);
		HttpRequest request = HttpRequest.newBuilder(url)
			.method("OPTIONS", HttpRequest.BodyPublishers.noBody())
			.header("Origin", origin)
			.header("Access-Control-Request-Method", method)
			.header("Access-Control-Request-Headers", "content-type")
			.build();
		return this.http.send(request, HttpResponse.BodyHandlers.discarding())
			.headers()
			.firstValue("Access-Control-Allow-Origin");
	}

	private EmbeddedS3 start(int port) {
		return EmbeddedS3.start(properties(this.folder, List.of(), port));
	}

	private static StorageProperties properties(Path folder, List<String> origins, int port) {
		return new StorageProperties(folder, origins, Duration.ofMinutes(5), StoreUnderTest.embedded(port));
	}

	private static int port(EmbeddedS3 engine) {
		return engine.connection().endpoint().orElseThrow().getPort();
	}

	private static InetAddress loopback(int last) throws IOException {
		return InetAddress.getByAddress(new byte[] { 127, 0, 0, (byte) last });
	}

	private static void connect(InetAddress address, EmbeddedS3 engine) throws IOException {
		try (Socket socket = new Socket()) {
			socket.connect(new InetSocketAddress(address, port(engine)), 2_000);
		}
	}

}
