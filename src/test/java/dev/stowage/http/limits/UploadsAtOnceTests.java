package dev.stowage.http.limits;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.stowage.owner.Owner;
import dev.stowage.storage.FailingObjectStore.Call;
import dev.stowage.storage.FailingObjectStore.Moment;
import dev.stowage.support.Answer;
import dev.stowage.support.Backing;
import dev.stowage.support.Form;
import dev.stowage.support.HeldUpload;
import dev.stowage.support.RawConnection;
import dev.stowage.support.StowageServer;
import io.micrometer.core.instrument.MeterRegistry;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static dev.stowage.support.Soon.await;
import static org.assertj.core.api.Assertions.assertThat;

/** Uploads of one owner at the same time, on a running server. */
class UploadsAtOnceTests {

	private static final Owner ALICE = new Owner("alice");

	private static final byte[] FORM = new Form().field("purpose", "user_data").file("a.txt", "bytes").bytes();

	private static final byte[] DATA = new Form().part("form-data; name=\"data\"; filename=\"d\"", new byte[9]).bytes();

	@TempDir
	static Path folder;

	private static final LimitsInTest limits = new LimitsInTest();

	private static StowageServer server;

	private final List<RawConnection> open = new ArrayList<>();

	@BeforeAll
	static void start() {
		server = StowageServer.start(Backing.EMBEDDED, folder, limits, "stowage.uploads-at-once=1",
				"stowage.max-file-size=1MB");
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
		awaitUploads(0);
		limits.clear();
		server.store().heal();
	}

	@Test
	void refuseTheNextAndNothingElse() throws IOException {
		HeldUpload first = begun();
		double before = refused();
		Answer refused = server.alice().upload(FORM);
		assertThat(refused.status()).isEqualTo(429);
		assertThat(refused.header("Retry-After").map(Integer::parseInt).orElseThrow()).isBetween(1, 10);
		assertThat(refused.header("x-ratelimit-limit-requests")).isEmpty();
		assertThat(refused.text("code")).isEqualTo("rate_limit_exceeded");
		assertThat(refused.text("detail"))
			.startsWith("Rate limit reached: uploads are limited to 1 at the same time. ");
		assertThat(refused.json().at("/error/code").asString()).isEqualTo("rate_limit_exceeded");
		assertThat(refused() - before).isEqualTo(1);
		assertThat(server.alice().get("/v1/files").status()).isEqualTo(200);
		assertThat(server.alice().post("/v1/files", "{\"filename\": \"a.json\"}").status()).isEqualTo(200);
		assertThat(server.bob().uploaded("user_data", "a.txt", "x")).startsWith("file-");
		assertThat(first.finish()).startsWith("HTTP/1.1 200");
		awaitUploads(0);
		assertThat(server.alice().upload(FORM).status()).isEqualTo(200);
	}

	@ParameterizedTest
	@EnumSource
	void countEachProtocol(Protocol protocol) throws IOException {
		limits.set("alice", 0, 0);
		String request = protocol.request();
		limits.clear();
		RawConnection held = opened().send(request).send(new byte[] { protocol.body()[0] });
		awaitUploads(1);
		assertThat(server.alice().upload(FORM).status()).isEqualTo(429);
		held.send(new String(protocol.body(), 1, protocol.body().length - 1, StandardCharsets.UTF_8));
		assertThat(held.answer()).startsWith("HTTP/1.1 20");
		awaitUploads(0);
		begun();
		assertThat(opened().send(protocol.request()).send(protocol.body()).answer()).startsWith("HTTP/1.1 429");
	}

	@Test
	void leaveOutAGrantWhoseFieldOfResumableUploadsIsMalformed() throws IOException {
		begun();
		assertThat(server.alice()
			.send("POST", "/v1/files", BodyPublishers.ofString("{\"filename\": \"a.json\"}"), "Content-Type",
					"application/json", "Upload-Complete", "yes")
			.status()).isEqualTo(200);
	}

	@Test
	void endWhenTheClientVanishes() throws IOException {
		begun();
		this.open.getLast().vanish();
		awaitUploads(0);
		assertThat(server.alice().upload(FORM).status()).isEqualTo(200);
	}

	@Test
	void endWhenTheBodyIsCutShort() throws IOException {
		begun();
		assertThat(this.open.getLast().endOutput().answer()).startsWith("HTTP/1.1 400");
		awaitUploads(0);
	}

	@Test
	void endWhenTheUploadIsRefusedOrFails() {
		assertThat(server.alice().upload(new Form().file("a", "x")).status()).isEqualTo(400);
		assertThat(server.alice()
			.upload(new Form().field("purpose", "user_data").file("a", new byte[2 << 20]).bytes())
			.status()).isEqualTo(413);
		server.store().fail(Moment.BEFORE, Call.PUT);
		assertThat(server.alice().upload(FORM).status()).isEqualTo(503);
		server.store().heal();
		assertThat(server.alice().upload(FORM).status()).isEqualTo(200);
	}

	@Test
	void neverAdmitMoreHoweverManyBeginTogether() throws IOException {
		limits.set("alice", 0, 3);
		List<HeldUpload> uploads = new ArrayList<>();
		for (int i = 0; i < 12; i++) {
			uploads.add(new HeldUpload(opened(), FORM, 10));
		}
		List<HeldUpload> admitted = new ArrayList<>();
		await().until(() -> {
			admitted.clear();
			for (HeldUpload upload : uploads) {
				if (!upload.isAnswered()) {
					admitted.add(upload);
				}
			}
			return admitted.size() <= 3;
		});
		awaitUploads(3);
		for (HeldUpload upload : admitted) {
			assertThat(upload.finish()).startsWith("HTTP/1.1 200");
		}
		assertThat(admitted).hasSize(3);
	}

	@Test
	void countWhatBeganBeforeThereWasALimit() throws IOException {
		limits.set("alice", 0, 0);
		HeldUpload first = begun();
		HeldUpload second = begun();
		limits.set("alice", 0, 2);
		assertThat(server.alice().upload(FORM).status()).isEqualTo(429);
		limits.set("alice", 0, 3);
		assertThat(server.alice().upload(FORM).status()).isEqualTo(200);
		assertThat(first.finish()).startsWith("HTTP/1.1 200");
		assertThat(second.finish()).startsWith("HTTP/1.1 200");
	}

	private HeldUpload begun() throws IOException {
		int before = filter().uploadsOf(ALICE);
		HeldUpload upload = new HeldUpload(opened(), FORM, 10);
		awaitUploads(before + 1);
		return upload;
	}

	private RawConnection opened() throws IOException {
		RawConnection connection = new RawConnection(server);
		this.open.add(connection);
		return connection;
	}

	private static LimitsFilter filter() {
		return server.bean("limitsFilter", LimitsFilter.class);
	}

	private static void awaitUploads(int count) {
		await().pollInterval(Duration.ofMillis(20))
			.untilAsserted(() -> assertThat(filter().uploadsOf(ALICE)).isEqualTo(count));
	}

	private static double refused() {
		return server.bean("prometheusMeterRegistry", MeterRegistry.class)
			.get("stowage.rate.limited")
			.tag("limit", "uploads")
			.counter()
			.count();
	}

	/** Each way in which bytes come. */
	enum Protocol {

		FORM {

			@Override
			String request() {
				return head("POST /v1/files", Form.CONTENT_TYPE, body());
			}

			@Override
			byte[] body() {
				return UploadsAtOnceTests.FORM;
			}

		},

		PART {

			@Override
			String request() {
				String id = server.alice().post("/v1/uploads", """
						{"purpose": "user_data", "filename": "a", "bytes": 9, "mime_type": "text/plain"}""").text("id");
				return head("POST /v1/uploads/" + id + "/parts", Form.CONTENT_TYPE, body());
			}

			@Override
			byte[] body() {
				return DATA;
			}

		},

		TUS_CREATION {

			@Override
			String request() {
				return head("POST /v1/uploads",
						"application/offset+octet-stream\r\nTus-Resumable: 1.0.0\r\nUpload-Length: 9", body());
			}

		},

		TUS_PATCH {

			@Override
			String request() {
				return head("PATCH " + created(), TUS + "\r\nUpload-Offset: 0", body());
			}

		},

		TUS_OVERRIDE {

			@Override
			String request() {
				return head("POST " + created(), TUS + "\r\nUpload-Offset: 0\r\nX-HTTP-Method-Override: PATCH", body());
			}

		},

		RESUMABLE_CREATION {

			@Override
			String request() {
				return head("POST /v1/files?purpose=user_data", "application/json\r\nUpload-Complete: ?1", body());
			}

		},

		RESUMABLE_PATCH {

			@Override
			String request() {
				return head("PATCH " + created(),
						"application/partial-upload\r\nUpload-Complete: ?1\r\nUpload-Offset: 0", body());
			}

		};

		private static final String TUS = "application/offset+octet-stream\r\nTus-Resumable: 1.0.0";

		abstract String request();

		byte[] body() {
			return "123456789".getBytes(StandardCharsets.UTF_8);
		}

		private static String created() {
			return server.alice()
				.send("POST", "/v1/uploads", BodyPublishers.noBody(), "Tus-Resumable", "1.0.0", "Upload-Length", "9")
				.header("Location")
				.map((location) -> location.substring(location.indexOf("/v1/")))
				.orElseThrow();
		}

		private static String head(String line, String type, byte[] body) {
			return line + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + StowageServer.ALICE
					+ "\r\nContent-Type: " + type + "\r\nContent-Length: " + body.length + "\r\n\r\n";
		}

	}

}
