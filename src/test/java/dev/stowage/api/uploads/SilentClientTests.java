package dev.stowage.api.uploads;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

import dev.stowage.support.Answer;
import dev.stowage.support.Form;
import dev.stowage.support.RawConnection;
import dev.stowage.support.Soon;
import dev.stowage.support.StowageServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Clients of uploads in parts that stop sending in the middle of a request. */
class SilentClientTests {

	private static final String CREATE = """
			{"purpose": "user_data", "filename": "a.csv", "bytes": 5, "mime_type": "text/csv"}""";

	@TempDir
	static Path folder;

	private static StowageServer server;

	@BeforeAll
	static void start() {
		// lists are short bodies, which get the same time as a request's head
		server = StowageServer.start(folder, "stowage.upload-timeout=1s", "server.tomcat.connection-timeout=1s");
	}

	@AfterAll
	static void stop() {
		server.close();
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 8_000_000 })
	void keepNothingOfAPart(int sent) throws IOException {
		String path = created();
		byte[] form = new Form().part("form-data; name=\"data\"; filename=\"blob\"", new byte[sent]).unfinished();
		requireTimeout(path + "/parts", Form.CONTENT_TYPE, form);
		assertThat(server.alice().get(path + "/parts").ids()).isEmpty();
		Soon.await().until(() -> server.engine().openUploads().isEmpty());
		requireCompletes(path);
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 100, 500_000 })
	void leaveAnUploadPendingWhoseListDidNotCome(int spaces) throws IOException {
		String path = created();
		requireTimeout(path + "/complete", "application/json",
				("{\"part_ids\": [" + " ".repeat(spaces)).getBytes(StandardCharsets.UTF_8));
		requireCompletes(path);
	}

	@Test
	void leaveAFilePendingWhoseListOfSignedPartsDidNotCome() throws IOException {
		String path = "/v1/files/" + server.alice()
			.post("/v1/files", "{\"filename\": \"a.json\", \"bytes\": 3, \"parts\": true}")
			.text("id");
		requireTimeout(path + "/complete", "application/json",
				("{\"parts\": [" + " ".repeat(100_000)).getBytes(StandardCharsets.UTF_8));
		assertThat(server.alice().get(path).text("status")).isEqualTo("pending");
	}

	private static void requireTimeout(String path, String contentType, byte[] start) throws IOException {
		try (RawConnection connection = new RawConnection(server)) {
			long begin = System.nanoTime();
			String answer = connection
				.send("POST " + path + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + StowageServer.ALICE
						+ "\r\nContent-Type: " + contentType + "\r\nContent-Length: " + (start.length + 100)
						+ "\r\n\r\n")
				.send(start)
				.answer();
			assertThat(answer).startsWith("HTTP/1.1 408").contains("\"code\":\"upload_timeout\"");
			assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(10));
			assertThat(connection.rest()).isEmpty();
		}
	}

	private static String created() {
		return "/v1/uploads/" + server.alice().post("/v1/uploads", CREATE).text("id");
	}

	private static void requireCompletes(String path) {
		assertThat(server.alice().get(path).text("status")).isEqualTo("pending");
		Answer part = server.alice()
			.form(path + "/parts", new Form().part("form-data; name=\"data\"; filename=\"blob\"",
					"hello".getBytes(StandardCharsets.UTF_8)));
		Answer completed = server.alice().post(path + "/complete", "{\"part_ids\": [\"" + part.text("id") + "\"]}");
		assertThat(completed.text("status")).isEqualTo("completed");
	}

}
