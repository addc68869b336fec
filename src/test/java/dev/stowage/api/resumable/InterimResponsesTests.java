package dev.stowage.api.resumable;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import dev.stowage.support.RawConnection;
import dev.stowage.support.StowageServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** The interim responses (104) to resumable uploads, as bytes on a connection. */
class InterimResponsesTests {

	private static final String FILES = "/v1/files?purpose=user_data";

	private static final String VERSION = "Upload-Draft-Interop-Version: ";

	private static final String LIMIT = "max-size=107374182400, min-size=1, max-age=86400";

	private static final int MIB = 1024 * 1024;

	@TempDir
	static Path folder;

	@TempDir
	static Path quietFolder;

	private static StowageServer server;

	@BeforeAll
	static void start() {
		server = StowageServer.start(folder, "stowage.resumable.max-size=100GB");
	}

	@AfterAll
	static void stop() {
		server.close();
	}

	@ParameterizedTest
	@ValueSource(ints = { 6, 7, 8, 9 })
	void sayWhereTheUploadIsBeforeItsBodyIsRead(int version) throws IOException {
		try (RawConnection connection = new RawConnection(server)) {
			String interim = connection
				.send(create("HTTP/1.1", "Upload-Complete: ?1", "Content-Length: 5", VERSION + version))
				.answer();
			String location = locationIn(interim);
			assertThat(interim).isEqualTo("HTTP/1.1 104 Upload Resumption Supported\n" + VERSION + version
					+ "\nLocation: " + location + "\nUpload-Limit: " + limit(version) + "\n\n");
			assertThat(location).matches("/v1/uploads/upload_[0-9A-Za-z]{24,}");
			String answer = connection.send("hello").answer();
			assertThat(answer).startsWith("HTTP/1.1 200").contains("\nLocation: " + location + "\n");
			// the connection serves the next request
			assertThat(connection.send(request("HEAD", "HTTP/1.1", location)).answer()).startsWith("HTTP/1.1 204")
				.contains("Upload-Complete: ?1");
		}
	}

	private static String limit(int version) {
		return LIMIT.replace("107374182400", maxSize()) + ((version == 6) ? ", expires=86400" : "");
	}

	/** Which depends on the heap of this process. */
	private static String maxSize() {
		return server.with("")
			.send("OPTIONS", "/v1/files", java.net.http.HttpRequest.BodyPublishers.noBody())
			.header("Tus-Max-Size")
			.orElseThrow();
	}

	@Test
	void comeBesideTheAnswerToAnExpectation() throws IOException {
		try (RawConnection connection = new RawConnection(server)) {
			connection.send(create("HTTP/1.1", "Upload-Complete: ?1", "Content-Length: 5", VERSION + 8,
					"Expect: 100-continue"));
			assertThat(List.of(connection.answer().substring(0, 12), connection.answer().substring(0, 12)))
				.containsExactlyInAnyOrder("HTTP/1.1 104", "HTTP/1.1 100");
			assertThat(connection.send("hello").answer()).startsWith("HTTP/1.1 200");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "5", "10", "0", "-8", "?1", "\"8\"", "8.0", "8, 8", "eight", "" })
	void areNotSentToClientsOfOtherVersions(String version) throws IOException {
		requireNone("HTTP/1.1", VERSION + version);
	}

	@Test
	void areNotSentToClientsThatAnnounceNothing() throws IOException {
		requireNone("HTTP/1.1", "X: y");
	}

	@Test
	void areNotSentToOldClients() throws IOException {
		requireNone("HTTP/1.0", VERSION + 8);
	}

	private static void requireNone(String protocol, String header) throws IOException {
		try (RawConnection connection = new RawConnection(server)) {
			connection.send(create(protocol, "Upload-Complete: ?1", "Content-Length: 5", header)).send("hello");
			assertThat(connection.answer()).startsWith("HTTP/1.1 200");
		}
	}

	@Test
	void areNotSentIfTheyAreSwitchedOff() throws IOException {
		try (StowageServer quiet = StowageServer.start(quietFolder, "stowage.resumable.interim-responses=false");
				RawConnection connection = new RawConnection(quiet)) {
			connection.send(create("HTTP/1.1", "Upload-Complete: ?1", "Content-Length: 5", VERSION + 8)).send("hello");
			assertThat(connection.answer()).startsWith("HTTP/1.1 200");
		}
	}

	@Test
	void areNotSentToRequestsThatAreRefused() throws IOException {
		try (RawConnection connection = new RawConnection(server)) {
			connection
				.send(create("HTTP/1.1", "Upload-Complete: ?1", "Content-Length: 5", "Upload-Length: 6", VERSION + 8))
				.send("hello");
			assertThat(connection.answer()).startsWith("HTTP/1.1 400");
		}
	}

	@Test
	void sayHowMuchIsKept() throws IOException {
		byte[] bytes = new byte[24 * MIB];
		try (RawConnection connection = new RawConnection(server)) {
			connection.send(create("HTTP/1.1", "Upload-Complete: ?0", "Content-Length: " + bytes.length, VERSION + 8));
			String location = locationIn(connection.answer());
			connection.send(bytes);
			List<Long> offsets = offsetsBefore(connection, "HTTP/1.1 201");
			requireGrowing(offsets, 0, bytes.length);
			connection
				.send(request("PATCH", "HTTP/1.1", location, "Content-Type: application/partial-upload",
						"Upload-Offset: " + bytes.length, "Upload-Complete: ?1", "Content-Length: " + bytes.length,
						VERSION + 9))
				.send(bytes);
			requireGrowing(offsetsBefore(connection, "HTTP/1.1 200"), bytes.length, 2L * bytes.length);
		}
	}

	private static List<Long> offsetsBefore(RawConnection connection, String last) throws IOException {
		List<Long> offsets = new ArrayList<>();
		String answer = connection.answer();
		while (answer.startsWith("HTTP/1.1 104")) {
			assertThat(answer).contains(VERSION).doesNotContain("Location");
			offsets.add(Long.parseLong(answer.lines()
				.filter((line) -> line.startsWith("Upload-Offset: "))
				.findFirst()
				.orElseThrow()
				.substring("Upload-Offset: ".length())));
			answer = connection.answer();
		}
		assertThat(answer).startsWith(last);
		return offsets;
	}

	private static void requireGrowing(List<Long> offsets, long from, long to) {
		assertThat(offsets).isNotEmpty().isSorted().doesNotHaveDuplicates();
		assertThat(offsets.getFirst()).isGreaterThan(from);
		assertThat(offsets.getLast()).isLessThanOrEqualTo(to);
	}

	@Test
	void doNotStopAClientThatReadsNothingBeforeItHasSentEverything() throws IOException {
		byte[] bytes = new byte[MIB];
		int count = 64;
		try (RawConnection connection = new RawConnection(server)) {
			connection.send(create("HTTP/1.1", "Upload-Complete: ?1", "Content-Length: " + count * MIB, VERSION + 8));
			for (int i = 0; i < count; i++) {
				connection.send(bytes);
			}
			locationIn(connection.answer());
			requireGrowing(offsetsBefore(connection, "HTTP/1.1 200"), 0, (long) count * MIB);
		}
	}

	/** A connection holds at least 128 KiB that its client does not read. */
	@Test
	void fitIntoTheBuffersOfAConnection() {
		StringBuilder sent = new StringBuilder();
		List<Long> counts = new ArrayList<>();
		InterimResponses responses = new InterimResponses(sent::append, 9, true, 0);
		for (long kept = 0; kept <= 100L << 30; kept += MIB) {
			int before = sent.length();
			responses.kept(kept);
			if (sent.length() > before) {
				counts.add(kept);
			}
		}
		assertThat(counts).isSorted().doesNotHaveDuplicates().startsWith(4L * MIB, 8L * MIB);
		assertThat(sent.length()).isLessThan(128 * 1024);
	}

	private static String create(String protocol, String... headers) {
		return request("POST", protocol, FILES, headers);
	}

	private static String request(String method, String protocol, String path, String... headers) {
		return method + " " + path + " " + protocol + "\r\nHost: localhost\r\nAuthorization: Bearer "
				+ StowageServer.ALICE + "\r\n"
				+ String.join("", Stream.of(headers).map((header) -> header + "\r\n").toList()) + "\r\n";
	}

	private static String locationIn(String interim) {
		assertThat(interim).startsWith("HTTP/1.1 104");
		return interim.lines()
			.filter((line) -> line.startsWith("Location: "))
			.findFirst()
			.orElseThrow()
			.substring("Location: ".length());
	}

}
