package dev.stowage.api;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

import dev.stowage.storage.FailingObjectStore.Call;
import dev.stowage.storage.FailingObjectStore.Moment;
import dev.stowage.support.Answer;
import dev.stowage.support.Backing;
import dev.stowage.support.Caller;
import dev.stowage.support.Form;
import dev.stowage.support.OnEachBacking;
import dev.stowage.support.RawConnection;
import dev.stowage.support.StowageServer;
import io.micrometer.core.instrument.MeterRegistry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** Files whose bytes in the store are missing or different. */
@ExtendWith(OutputCaptureExtension.class)
class DamageTests extends OnEachBacking {

	private static final String TEXT = "0123456789";

	private static final String UPLOAD = """
			{"purpose": "user_data", "filename": "a", "bytes": %d, "mime_type": "application/octet-stream"}""";

	@TempDir
	static Path folder;

	private static StowageServer server;

	private static Caller alice;

	@BeforeParameterizedClassInvocation
	static void start(Backing backing) {
		server = StowageServer.start(backing, folder);
		alice = server.alice();
	}

	@AfterParameterizedClassInvocation
	static void stop() {
		server.close();
	}

	@AfterEach
	void heal() {
		server.store().heal();
	}

	private static String path(String id) {
		return "/v1/files/" + id + "/content";
	}

	private static String keyOf(String id) {
		return server.engine().keys().stream().filter((key) -> key.startsWith("files/" + id)).findFirst().orElseThrow();
	}

	private static double damaged() {
		return server.bean("prometheusMeterRegistry", MeterRegistry.class).counter("stowage.content.damaged").count();
	}

	@ParameterizedTest
	@ValueSource(strings = { "0123456788", "012345678", "0", "01234567890", "" })
	void otherBytesAreAnErrorAndNotAnAnswer(String other, CapturedOutput output) {
		String id = alice.uploaded("user_data", "a.txt", TEXT);
		if (other.isEmpty()) {
			server.engine().remove(keyOf(id));
		}
		else {
			server.engine().replace(keyOf(id), other.getBytes(StandardCharsets.UTF_8));
		}
		double before = damaged();
		assertDamaged(alice.get(path(id)));
		assertDamaged(alice.get(path(id), "Range", "bytes=0-"));
		assertThat(damaged()).isEqualTo(before + 2);
		assertThat(output.getOut().lines().filter((line) -> line.contains("content_damaged") && line.contains(id)))
			.hasSize(2)
			.allMatch((line) -> line.contains("ERROR") && line.contains("req_"));
		boolean seenByLength = other.length() != TEXT.length();
		Answer range = alice.get(path(id), "Range", "bytes=0-0");
		Answer head = alice.send("HEAD", path(id), BodyPublishers.noBody());
		if (seenByLength) {
			assertDamaged(range);
			assertThat(head.status()).isEqualTo(500);
		}
		else {
			// only the whole file has a known checksum
			assertThat(range.status()).isEqualTo(206);
			assertThat(head.status()).isEqualTo(200);
		}
		assertThat(alice.get("/v1/files/" + id).status()).isEqualTo(200);
		assertThat(alice.delete("/v1/files/" + id).status()).isEqualTo(200);
		assertThat(alice.get(path(id)).status()).isEqualTo(404);
	}

	private static void assertDamaged(Answer answer) {
		assertThat(answer.status()).isEqualTo(500);
		assertThat(answer.text("code")).isEqualTo("content_damaged");
		assertThat(answer.header("Content-Type")).contains("application/problem+json");
		assertThat(answer.header("ETag")).isEmpty();
		assertThat(answer.header("x-should-retry")).contains("false");
		assertThat(answer.header("Retry-After")).isEmpty();
		assertThat(answer.json().path("error").path("type").asString()).isEqualTo("server_error");
	}

	@Test
	void aCompletedFileIsCheckedAsWell() {
		String id = alice.completed("a.json", "[1,2,3]");
		assertThat(alice.get(path(id), "Accept", "application/octet-stream").body()).isEqualTo("[1,2,3]");
		server.engine().replace(keyOf(id), "[1,2,4]".getBytes(StandardCharsets.UTF_8));
		assertDamaged(alice.get(path(id), "Accept", "application/octet-stream"));
	}

	@Test
	void aFileThatCameInPartsIsCheckedAsWell() {
		String id = inParts("01234", "56789");
		String key = "files/" + id + ".1";
		assertThat(alice.get(path(id)).body()).isEqualTo(TEXT);
		assertThat(server.engine().keys()).contains(key);
		for (int at : List.of(0, 4, 5, 9)) {
			byte[] bytes = TEXT.getBytes(StandardCharsets.UTF_8);
			bytes[at] ^= 1;
			server.engine().replace(key, bytes);
			assertDamaged(alice.get(path(id)));
		}
		// the right bytes in the wrong order
		server.engine().replace(key, "5678901234".getBytes(StandardCharsets.UTF_8));
		assertDamaged(alice.get(path(id)));
		server.engine().replace(key, TEXT.getBytes(StandardCharsets.UTF_8));
		assertThat(alice.get(path(id)).body()).isEqualTo(TEXT);
	}

	@Test
	void aPartWhoseBytesChangeBeforeTheyAreComposedIsNoticed() {
		Answer upload = alice.post("/v1/uploads", UPLOAD.formatted(TEXT.length()));
		String path = "/v1/uploads/" + upload.text("id");
		String part = partOf(path, TEXT);
		String key = "staging/" + upload.text("id").replace("upload_", "file-") + ".1";
		server.engine().replace(key, "0123456788".getBytes(StandardCharsets.UTF_8));
		double before = damaged();
		Answer checked = alice.post(path + "/complete",
				"{\"part_ids\": [\"%s\"], \"md5\": \"781e5e245d69b566979b86e28d23f2c7\"}".formatted(part));
		assertThat(checked.status()).isEqualTo(500);
		assertThat(checked.text("code")).isEqualTo("content_damaged");
		assertThat(damaged()).isEqualTo(before + 1);
		assertThat(alice.get(path).text("status")).isEqualTo("pending");
		// without a checksum nobody reads the bytes until the file is downloaded
		Answer completed = alice.post(path + "/complete", "{\"part_ids\": [\"%s\"]}".formatted(part));
		assertThat(completed.status()).isEqualTo(200);
		assertDamaged(alice.get(path(completed.json().at("/file/id").asString())));
	}

	/** Uploads a file in two parts, the last one first, and returns its id. */
	private static String inParts(String first, String second) {
		Answer upload = alice.post("/v1/uploads", UPLOAD.formatted(first.length() + second.length()));
		String path = "/v1/uploads/" + upload.text("id");
		String last = partOf(path, second);
		Answer completed = alice.post(path + "/complete",
				"{\"part_ids\": [\"%s\", \"%s\"]}".formatted(partOf(path, first), last));
		assertThat(completed.status()).as(completed.toString()).isEqualTo(200);
		return completed.json().at("/file/id").asString();
	}

	private static String partOf(String path, String text) {
		return alice
			.form(path + "/parts",
					new Form().part("form-data; name=\"data\"; filename=\"blob\"",
							text.getBytes(StandardCharsets.UTF_8)))
			.text("id");
	}

	@Test
	void aLongAnswerIsBrokenOffBeforeItsEnd() throws Exception {
		byte[] bytes = new byte[20 << 20];
		new Random(1).nextBytes(bytes);
		String id = alice.upload(new Form().field("purpose", "user_data").file("a.bin", bytes)).text("id");
		assertThat(alice.get(path(id)).status()).isEqualTo(200);
		bytes[1_000_000] ^= 1;
		server.engine().replace(keyOf(id), bytes);
		try (RawConnection connection = new RawConnection(server)) {
			connection.send("GET " + path(id) + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
					+ StowageServer.ALICE + "\r\n\r\n");
			assertThat(connection.statusLine()).isEqualTo("HTTP/1.1 200");
			while (!connection.statusLine().isEmpty()) {
				// a header
			}
			assertThat(connection.countUntilEnd()).isBetween(1L, bytes.length - 1L);
		}
	}

	@Test
	void aByteThatChangesOnTheDiskIsNoticed() throws Exception {
		assumeTrue(this.backing == Backing.EMBEDDED, "only there the test has the disk");
		assertNoticedOnTheDisk(alice.uploaded("user_data", "a.txt", TEXT));
		assertNoticedOnTheDisk(inParts("0", "123456789"));
	}

	private static void assertNoticedOnTheDisk(String id) throws IOException {
		String key = keyOf(id);
		Path file;
		try (Stream<Path> files = Files.walk(folder)) {
			file = files.filter((one) -> one.endsWith(key)).findFirst().orElseThrow();
		}
		byte[] bytes = Files.readAllBytes(file);
		bytes[3] ^= 1;
		Files.write(file, bytes);
		assertDamaged(alice.get(path(id)));
	}

	@Test
	void aFileThatIsDeletedWhileItIsReadIsGoneAndNotDamaged() {
		String id = alice.uploaded("user_data", "a.txt", TEXT);
		double before = damaged();
		server.store().run(Moment.BEFORE, Call.OPEN_RANGE, 1, (key) -> {
			assertThat(server.bob().get(path(id)).status()).isEqualTo(404);
			assertThat(alice.delete("/v1/files/" + id).status()).isEqualTo(200);
			server.engine().remove(key.value());
		});
		assertThat(alice.get(path(id)).status()).isEqualTo(404);
		assertThat(damaged()).isEqualTo(before);
	}

	@Test
	void aFileThatExpiresWhileItIsReadIsGoneAndNotDamaged() {
		String id = alice
			.upload(new Form().field("purpose", "user_data")
				.field("expires_after[anchor]", "created_at")
				.field("expires_after[seconds]", "3600")
				.file("a.txt", TEXT))
			.text("id");
		server.store().run(Moment.BEFORE, Call.OPEN_RANGE, 1, (key) -> {
			server.clock().move(Duration.ofHours(2));
			server.engine().remove(key.value());
		});
		assertThat(alice.get(path(id)).status()).isEqualTo(404);
	}

	@Test
	void whatIsReplacedWhileItIsVerifiedIsNotCompleted() {
		Answer grant = alice.post("/v1/files", "{\"filename\": \"a.json\"}");
		URI url = URI.create(grant.text("upload_url"));
		assertThat(Caller.sendTo(url, "PUT", "[1]").status()).isEqualTo(200);
		server.store().run(Moment.BEFORE, Call.COPY, 1, (key) -> Caller.sendTo(url, "PUT", "[2]"));
		assertThat(alice.post("/v1/files/" + grant.text("id") + "/complete").status()).isEqualTo(409);
		assertThat(alice.post("/v1/files/" + grant.text("id") + "/complete").status()).isEqualTo(200);
		assertThat(alice.get(path(grant.text("id")), "Accept", "application/octet-stream").body()).isEqualTo("[2]");
	}

}
