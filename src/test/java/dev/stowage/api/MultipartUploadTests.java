package dev.stowage.api;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;

import dev.stowage.support.Answer;
import dev.stowage.support.Backing;
import dev.stowage.support.Form;
import dev.stowage.support.OnEachBacking;
import dev.stowage.support.RawConnection;
import dev.stowage.support.StowageServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** The streamed upload, through a real port into a real store. */
class MultipartUploadTests extends OnEachBacking {

	private static final int LIMIT = 20 * 1024 * 1024;

	@TempDir
	static Path folder;

	private static StowageServer server;

	@BeforeParameterizedClassInvocation
	static void start(Backing backing) {
		server = StowageServer.start(backing, folder, "stowage.max-file-size=" + LIMIT + "B");
	}

	@AfterParameterizedClassInvocation
	static void stop() {
		server.close();
	}

	@Test
	void answersTheFileObject() {
		long before = server.clock().instant().getEpochSecond();
		Answer answer = server.alice().upload(new Form().field("purpose", "batch").file("data.jsonl", "{}\n"));
		assertThat(answer.status()).isEqualTo(200);
		long created = answer.json().path("created_at").asLong();
		assertThat(created).isBetween(before, server.clock().instant().getEpochSecond());
		String id = answer.text("id");
		assertThat(id).matches("file-[0-9a-zA-Z]{24,}");
		assertThat(answer.body()).isEqualTo("""
				{"id":"%s","object":"file","bytes":3,"created_at":%d,"created":%d,"expires_at":%d,\
				"filename":"data.jsonl","purpose":"batch","status":"processed","status_details":null}""".formatted(id,
				created, created, created + 2_592_000));
		assertThat(server.alice().get("/v1/files/" + id).body()).isEqualTo(answer.body());
	}

	@Test
	void takesPartsInAnyOrder() {
		Answer answer = server.alice()
			.upload(new Form().file("a.txt", "content")
				.field("expires_after[seconds]", "3600")
				.field("other", "ignored")
				.field("purpose", "user_data")
				.field("expires_after[anchor]", "created_at"));
		assertThat(answer.status()).isEqualTo(200);
		assertThat(answer.json().path("expires_at").asLong())
			.isEqualTo(answer.json().path("created_at").asLong() + 3600);
		assertThat(server.alice().get("/v1/files/" + answer.text("id") + "/content").body()).isEqualTo("content");
	}

	@Test
	void takesTheExpiryAsOneJsonField() {
		Answer answer = server.alice()
			.upload(new Form().field("purpose", "batch")
				.field("expires_after", "{\"anchor\": \"created_at\", \"seconds\": 7200}")
				.file("a.jsonl", "x"));
		assertThat(answer.json().path("expires_at").asLong())
			.isEqualTo(answer.json().path("created_at").asLong() + 7200);
	}

	@Test
	void keepsFilesWithoutAskedOrDefaultExpiry() {
		Answer answer = server.alice().upload(new Form().field("purpose", "assistants").file("a.txt", "x"));
		assertThat(answer.json().path("expires_at").isNull()).isTrue();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
			../../etc/passwd        | passwd
			C:\\dir\\x.txt          | x.txt
			a%0D%0AX: y             | aX: y
			na%22me.txt             | na"me.txt
			q\\"uote.txt            | q"uote.txt
			日本😀.txt              | 日本😀.txt
			..                      | upload
			/                       | upload
			""")
	void cleansNames(String sent, String kept) {
		Answer answer = server.alice().upload(new Form().field("purpose", "user_data").file(sent, "x"));
		assertThat(answer.text("filename")).isEqualTo(kept);
		assertThat(server.alice().get("/v1/files/" + answer.text("id")).text("filename")).isEqualTo(kept);
	}

	@Test
	void shortensNamesOfThreeHundredCharactersAndKeepsTheirExtension() {
		Answer answer = server.alice()
			.upload(new Form().field("purpose", "user_data").file("n".repeat(296) + ".txt", "x"));
		assertThat(answer.text("filename")).isEqualTo("n".repeat(251) + ".txt");
	}

	@Test
	void takesAFileWithoutAName() {
		Form form = new Form().field("purpose", "batch")
			.part("form-data; name=\"file\"", "x".getBytes(StandardCharsets.UTF_8));
		Answer answer = server.alice().upload(form);
		assertThat(answer.status()).isEqualTo(200);
		assertThat(answer.text("filename")).isEqualTo("upload");
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 16 * 1024, 16 * 1024 + 1, 80 * 1024, 80 * 1024 + 1, 8 * 1024 * 1024, 8 * 1024 * 1024 + 1,
			LIMIT })
	void keepsEveryByte(int size) {
		byte[] content = new byte[size];
		new Random(size).nextBytes(content);
		Answer answer = server.alice().upload(new Form().field("purpose", "user_data").file("r.bin", content));
		assertThat(answer.status()).isEqualTo(200);
		assertThat(answer.json().path("bytes").asLong()).isEqualTo(size);
		assertThat(server.alice().get("/v1/files/" + answer.text("id") + "/content").bytes()).isEqualTo(content);
	}

	@Test
	void refusesOneByteOverTheLimit() {
		Answer answer = server.alice()
			.upload(new Form().field("purpose", "user_data").file("r.bin", new byte[LIMIT + 1]));
		assertThat(answer.status()).isEqualTo(413);
		assertThat(answer.text("code")).isEqualTo("file_too_large");
		assertThat(answer.text("detail")).isEqualTo("File is too large. The limit is " + LIMIT + " bytes.");
		assertNothingIsLeft();
	}

	@Test
	void refusesALengthThatCannotFitBeforeAnyByteWhenAsked() throws IOException {
		try (RawConnection connection = new RawConnection(server)) {
			connection.uploadHead("Content-Length: 40000000000", "Expect: 100-continue");
			assertThat(connection.statusLine()).startsWith("HTTP/1.1 413");
		}
	}

	@Test
	void asksForTheBodyOfAClientThatAsksWhetherToSendIt() throws IOException {
		byte[] form = new Form().field("purpose", "user_data").file("a.txt", "x").bytes();
		try (RawConnection connection = new RawConnection(server)) {
			connection.uploadHead("Content-Length: " + form.length, "Expect: 100-continue", "Connection: close");
			assertThat(connection.statusLine()).startsWith("HTTP/1.1 100");
			connection.statusLine();
			assertThat(connection.send(form).statusLine()).startsWith("HTTP/1.1 200");
		}
	}

	@Test
	void takesABodyOfUnknownLength() {
		byte[] form = new Form().field("purpose", "user_data").file("a.txt", "streamed").bytes();
		Answer answer = server.alice()
			.send("POST", "/v1/files", BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(form)),
					"Content-Type", Form.CONTENT_TYPE);
		assertThat(answer.status()).isEqualTo(200);
		assertThat(answer.json().path("bytes").asInt()).isEqualTo(8);
	}

	@Test
	void keepsNothingOfAFormThatTurnsOutWrongAfterItsFile() {
		Answer answer = server.alice().upload(new Form().file("a.txt", "x").field("purpose", "nonsense"));
		assertThat(answer.status()).isEqualTo(400);
		assertNothingIsLeft();
	}

	@Test
	void keepsNothingOfACutForm() {
		byte[] cut = new Form().field("purpose", "user_data").file("a.txt", new byte[9 * 1024 * 1024]).unfinished();
		Answer answer = server.alice().upload(cut);
		assertThat(answer.status()).isEqualTo(400);
		assertThat(answer.text("detail")).startsWith("The multipart body ended before its closing boundary");
		assertNothingIsLeft();
	}

	@Test
	void refusesBatchFilesOverTwoHundredMebibytes(@TempDir Path other) {
		assumeTrue(this.backing == Backing.EMBEDDED, "The limit depends on no store, so it is tried on one");
		long size = 200L * 1024 * 1024 + 1;
		try (StowageServer large = StowageServer.start(this.backing, other)) {
			Answer first = uploadZeros(large, size,
					"--%s\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\nbatch\r\n", "");
			Answer last = uploadZeros(large, size, "",
					"\r\n--%s\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\nbatch");
			assertThat(first.status()).isEqualTo(400);
			assertThat(first.text("detail")).isEqualTo("File is too large.");
			assertThat(last.status()).isEqualTo(400);
			assertThat(last.text("detail")).isEqualTo("File is too large.");
			Answer exact = uploadZeros(large, size - 1, "",
					"\r\n--%s\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\nbatch");
			assertThat(exact.status()).isEqualTo(200);
		}
	}

	private static Answer uploadZeros(StowageServer to, long size, String before, String after) {
		String boundary = Form.CONTENT_TYPE.substring(Form.CONTENT_TYPE.indexOf('=') + 1);
		String head = before.formatted(boundary) + "--" + boundary
				+ "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"z.jsonl\"\r\n\r\n";
		String tail = after.formatted(boundary) + "\r\n--" + boundary + "--\r\n";
		return to.alice()
			.send("POST", "/v1/files",
					BodyPublishers.concat(BodyPublishers.ofString(head),
							BodyPublishers.fromPublisher(BodyPublishers.ofInputStream(() -> new Zeros(size)), size),
							BodyPublishers.ofString(tail)),
					"Content-Type", Form.CONTENT_TYPE);
	}

	/** After the sweep, the bucket holds what is listed. */
	private static void assertNothingIsLeft() {
		server.clock().move(Duration.ofSeconds(2));
		server.sweep();
		int listed = server.alice().get("/v1/files").ids().size();
		assertThat(server.engine().keys()).hasSize(listed);
		assertThat(server.engine().openUploads()).isEmpty();
	}

	/** A number of zero bytes. */
	private static final class Zeros extends InputStream {

		private long left;

		private Zeros(long count) {
			this.left = count;
		}

		@Override
		public int read() {
			return (this.left-- > 0) ? 0 : -1;
		}

		@Override
		public int read(byte[] buffer, int offset, int length) {
			if (this.left <= 0) {
				return -1;
			}
			int count = (int) Math.min(this.left, length);
			Arrays.fill(buffer, offset, offset + count, (byte) 0);
			this.left -= count;
			return count;
		}

	}

}
