package dev.stowage.api;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

import dev.stowage.support.Command;
import dev.stowage.support.Form;
import dev.stowage.support.RawConnection;
import dev.stowage.support.StowageServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A large upload that is refused before its end: every kind of client gets the reason,
 * and none can make the server read on indefinitely. Node's fetch is in
 * {@code src/test/node}.
 */
class EarlyAnswerTests {

	private static final int TRIES = 3;

	private static final int MEBI = 1024 * 1024;

	private static final int FILE_SIZE = 40 * MEBI;

	/**
	 * How many unread bytes the socket's two buffers may hold; Linux lets them grow.
	 */
	private static final int SOCKET_BUFFERS = 64 * MEBI;

	@TempDir
	static Path folder;

	@TempDir
	static Path roomyFolder;

	private static StowageServer server;

	private static StowageServer roomy;

	private static Path file;

	@BeforeAll
	static void start() throws IOException {
		server = StowageServer.start(folder, "stowage.max-file-size=20MB");
		roomy = StowageServer.start(roomyFolder);
		file = folder.resolve("large.bin");
		try (FileChannel zeros = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
			zeros.write(ByteBuffer.allocate(1), FILE_SIZE - 1L);
		}
	}

	@AfterAll
	static void stop() {
		server.close();
		roomy.close();
	}

	@ParameterizedTest
	@EnumSource
	void curlThatAsksFirstSeesIt(Refusal refusal) {
		for (int i = 0; i < TRIES; i++) {
			Transfer transfer = curl(refusal);
			assertThat(transfer.status()).isEqualTo(refusal.status);
			if (refusal.isKnownFromItsHead()) {
				assertThat(transfer.uploaded()).isZero();
			}
		}
	}

	@ParameterizedTest
	@EnumSource
	void curlThatDoesNotAskSeesIt(Refusal refusal) {
		for (int i = 0; i < TRIES; i++) {
			assertThat(curl(refusal, "-H", "Expect:").status()).isEqualTo(refusal.status);
			assertThat(curl(refusal, "-H", "Expect:", "-H", "Transfer-Encoding: chunked").status())
				.isEqualTo(refusal.status);
		}
	}

	private static Transfer curl(Refusal refusal, String... options) {
		List<String> command = new ArrayList<>(List.of("curl", "-sS", "-o", "answer.json", "-w",
				"%{http_code} %{size_upload}", "-H", "Authorization: Bearer " + refusal.key));
		command.addAll(List.of(options));
		if (!refusal.contentType.equals(Form.CONTENT_TYPE)) {
			command.addAll(List.of("-H", "Content-Type: " + refusal.contentType, "--data-binary", "@" + file));
		}
		else {
			command.addAll(List.of("-F", "purpose=" + refusal.purpose, "-F", "file=@" + file));
		}
		command.add(refusal.server().url("/v1/files").toString());
		String[] said = Command.run(folder, Map.of(), command.toArray(String[]::new)).split(" ", -1);
		return new Transfer(Integer.parseInt(said[0]), Long.parseLong(said[1]));
	}

	@ParameterizedTest
	@EnumSource
	void javasClientThatAsksFirstSeesIt(Refusal refusal) throws Exception {
		try (HttpClient http = HttpClient.newHttpClient()) {
			for (int i = 0; i < TRIES; i++) {
				assertThat(http.send(request(refusal).expectContinue(true).build(), BodyHandlers.ofString()).body())
					.contains("\"status\":" + refusal.status);
			}
		}
	}

	@ParameterizedTest
	@EnumSource
	void javasClientThatDoesNotAskSeesIt(Refusal refusal) throws Exception {
		try (HttpClient http = HttpClient.newHttpClient()) {
			for (int i = 0; i < TRIES; i++) {
				assertThat(http.send(request(refusal).build(), BodyHandlers.ofString()).body())
					.contains("\"status\":" + refusal.status);
			}
		}
	}

	private static HttpRequest.Builder request(Refusal refusal) throws IOException {
		BodyPublisher body = BodyPublishers.concat(BodyPublishers.ofByteArray(beforeFile(refusal)),
				BodyPublishers.ofFile(file), BodyPublishers.ofByteArray(afterFile()));
		return HttpRequest.newBuilder(refusal.server().url("/v1/files"))
			.version(HttpClient.Version.HTTP_1_1)
			.timeout(Duration.ofSeconds(60))
			.header("Authorization", "Bearer " + refusal.key)
			.header("Content-Type", refusal.contentType)
			.POST(body);
	}

	@ParameterizedTest
	@EnumSource
	void clientThatSendsAllBeforeItReadsSeesIt(Refusal refusal) throws IOException {
		for (int i = 0; i < TRIES; i++) {
			byte[] before = beforeFile(refusal);
			byte[] after = afterFile();
			try (RawConnection connection = connect(refusal,
					"Content-Length: " + (before.length + (long) FILE_SIZE + after.length))) {
				connection.send(before);
				sendZeros(connection, FILE_SIZE);
				assertThat(connection.send(after).answer()).startsWith("HTTP/1.1 " + refusal.status)
					.contains("\"status\":" + refusal.status);
			}
		}
	}

	@ParameterizedTest
	@EnumSource
	void clientThatSendsAllInChunksBeforeItReadsSeesIt(Refusal refusal) throws IOException {
		try (RawConnection connection = connect(refusal, "Transfer-Encoding: chunked")) {
			sendChunk(connection, beforeFile(refusal));
			for (int sent = 0; sent < FILE_SIZE; sent += MEBI) {
				sendChunk(connection, new byte[MEBI]);
			}
			sendChunk(connection, afterFile());
			sendChunk(connection, new byte[0]);
			assertThat(connection.answer()).startsWith("HTTP/1.1 " + refusal.status);
		}
	}

	/** The reason counts, not that the rest of the body is missing. */
	@ParameterizedTest
	@EnumSource(names = { "TOO_LARGE", "WRONG_KEY", "UNKNOWN_PURPOSE", "WRONG_TYPE" })
	void clientThatEndsItsBodyTooEarlySeesIt(Refusal refusal) throws IOException {
		try (RawConnection connection = connect(refusal, "Content-Length: 30000000")) {
			String answer = connection.send(beforeFile(refusal)).send(new byte[MEBI]).endOutput().answer();
			assertThat(answer).startsWith("HTTP/1.1 " + refusal.status)
				.contains("\"status\":" + refusal.status)
				.containsOnlyOnce("\nConnection: close\n");
		}
	}

	/** If no body was sent, the answer can only be about the head. */
	@ParameterizedTest
	@EnumSource(names = { "TOO_LARGE", "WRONG_KEY", "WRONG_TYPE" })
	void clientThatAsksFirstIsNotToldToSend(Refusal refusal) throws IOException {
		try (RawConnection connection = connect(refusal, "Content-Length: 40000000000", "Expect: 100-continue")) {
			assertThat(connection.answer()).startsWith("HTTP/1.1 " + refusal.status)
				.contains("\"status\":" + refusal.status);
		}
	}

	@ParameterizedTest
	@EnumSource
	void clientThatSendsFarMoreThanIsDrainedIsCutOff(Refusal refusal) throws IOException {
		assertThat(sentUntilCutOff(refusal, false)).isLessThan(refusal.mostRead() + SOCKET_BUFFERS);
		assertThat(sentUntilCutOff(refusal, true)).isLessThan(refusal.mostRead() + SOCKET_BUFFERS);
		assertThat(refusal.server().alice().uploaded("user_data", "after.txt", "x")).startsWith("file-");
	}

	private static long sentUntilCutOff(Refusal refusal, boolean chunked) throws IOException {
		String framing = chunked ? "Transfer-Encoding: chunked" : "Content-Length: 500000000";
		long sent = 0;
		try (RawConnection connection = connect(refusal, framing)) {
			byte[] before = beforeFile(refusal);
			byte[] zeros = new byte[MEBI];
			if (chunked) {
				sendChunk(connection, before);
			}
			else {
				connection.send(before);
			}
			for (; sent < 450L * MEBI; sent += MEBI) {
				if (chunked) {
					sendChunk(connection, zeros);
				}
				else {
					connection.send(zeros);
				}
			}
		}
		catch (IOException ex) {
			assertThat(ex).hasMessageMatching("(?i).*(broken pipe|reset|abort).*");
		}
		return sent;
	}

	@ParameterizedTest
	@EnumSource(names = { "WRONG_KEY", "UNKNOWN_PURPOSE", "WRONG_TYPE" })
	void clientThatFallsSilentIsAnsweredInTime(Refusal refusal, @TempDir Path other) throws IOException {
		try (StowageServer impatient = StowageServer.start(other, "stowage.upload-timeout=1s");
				RawConnection connection = connect(impatient, refusal, "Content-Length: 30000000")) {
			long start = System.nanoTime();
			String answer = connection.send(beforeFile(refusal)).send(new byte[MEBI]).rest();
			assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
			assertThat(answer).startsWith("HTTP/1.1 " + refusal.status);
		}
	}

	@Test
	void connectionIsUsedAgainAfterARefusedUploadWasDrained() throws IOException {
		try (RawConnection connection = connect(Refusal.WRONG_TYPE, "Content-Length: " + FILE_SIZE)) {
			sendZeros(connection, FILE_SIZE);
			assertThat(connection.answer()).startsWith("HTTP/1.1 415");
			connection.send("GET /v1/files HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + StowageServer.ALICE
					+ "\r\nConnection: close\r\n\r\n");
			assertThat(connection.answer()).startsWith("HTTP/1.1 200");
		}
	}

	private static RawConnection connect(Refusal refusal, String... headers) throws IOException {
		return connect(refusal.server(), refusal, headers);
	}

	private static RawConnection connect(StowageServer to, Refusal refusal, String... headers) throws IOException {
		return new RawConnection(to)
			.send("POST /v1/files HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + refusal.key
					+ "\r\nContent-Type: " + refusal.contentType + "\r\n" + String.join("\r\n", headers) + "\r\n\r\n");
	}

	private static byte[] beforeFile(Refusal refusal) {
		byte[] empty = new Form().field("purpose", refusal.purpose).file("large.bin", "").unfinished();
		return Arrays.copyOf(empty, empty.length - 2);
	}

	private static byte[] afterFile() {
		String form = new String(new Form().bytes(), StandardCharsets.UTF_8);
		return ("\r\n" + form).getBytes(StandardCharsets.UTF_8);
	}

	private static void sendZeros(RawConnection connection, int count) throws IOException {
		byte[] zeros = new byte[MEBI];
		for (int sent = 0; sent < count; sent += zeros.length) {
			connection.send(zeros);
		}
	}

	private static void sendChunk(RawConnection connection, byte[] bytes) throws IOException {
		connection.send(Integer.toHexString(bytes.length) + "\r\n").send(bytes).send("\r\n");
	}

	/** What curl reports about a transfer. */
	private record Transfer(int status, long uploaded) {
	}

	/** Why an upload of 40 MiB is refused before its end. */
	enum Refusal {

		TOO_LARGE(413, StowageServer.ALICE, "user_data", Form.CONTENT_TYPE),

		WRONG_KEY(401, "sk-wrong-0123456789abcdef", "user_data", Form.CONTENT_TYPE),

		UNKNOWN_PURPOSE(400, StowageServer.ALICE, "nonsense", Form.CONTENT_TYPE),

		WRONG_TYPE(415, StowageServer.ALICE, "user_data", "application/octet-stream"),

		LARGE_JSON(413, StowageServer.ALICE, "user_data", "application/json");

		private final int status;

		private final String key;

		private final String purpose;

		private final String contentType;

		Refusal(int status, String key, String purpose, String contentType) {
			this.status = status;
			this.key = key;
			this.purpose = purpose;
			this.contentType = contentType;
		}

		/** The server with the small limit, only for tests of that limit. */
		private StowageServer server() {
			return (this == UNKNOWN_PURPOSE) ? roomy : EarlyAnswerTests.server;
		}

		private boolean isKnownFromItsHead() {
			return this != UNKNOWN_PURPOSE && this != LARGE_JSON;
		}

		/** The server reads the body before the answer, not Tomcat after it. */
		private boolean isDrained() {
			return this == TOO_LARGE || this == UNKNOWN_PURPOSE || this == LARGE_JSON;
		}

		/**
		 * Tomcat reads up to 64 MiB after an answer, so that the client sees it. Where
		 * the server drains, this much is read before the answer; for a body without a
		 * length the limit itself is read before it is known to be too large.
		 */
		private long mostRead() {
			return (isDrained() ? 2 * 64 + 20 : 64) * (long) MEBI;
		}

	}

}
