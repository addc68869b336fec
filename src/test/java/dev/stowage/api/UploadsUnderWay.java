package dev.stowage.api;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

import dev.stowage.support.Answer;
import dev.stowage.support.Caller;
import dev.stowage.support.HeldUpload;
import dev.stowage.support.StowageServer;

import static dev.stowage.support.Soon.await;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * A server that has files of both styles, has deleted one, and is in the middle of
 * uploads of both styles when its database fails.
 */
final class UploadsUnderWay implements AutoCloseable {

	private static final byte[] SMALL = "a few bytes".getBytes(StandardCharsets.UTF_8);

	private final Caller alice;

	private final Acknowledged files;

	private final String kept;

	private final String sent;

	private final byte[] content;

	private final HeldUpload upload;

	UploadsUnderWay(StowageServer server, byte[] content) throws IOException {
		this.alice = server.alice();
		this.files = new Acknowledged(server);
		this.kept = this.files.upload(SMALL).text("id");
		assertThat(this.files.complete(this.files.sent()).status()).isEqualTo(200);
		assertThat(this.files.delete(this.files.upload(SMALL).text("id")).status()).isEqualTo(200);
		this.sent = this.files.sent();
		this.content = content;
		this.upload = Acknowledged.begin(server, content);
	}

	Acknowledged files() {
		return this.files;
	}

	/** New requests are refused, and requests in progress fail. */
	void assertNothingIsTaken() throws IOException {
		assertThat(this.upload.finish()).startsWith("HTTP/1.1 503")
			.contains("Retry-After: 5")
			.contains("\"code\":\"storage_unavailable\"");
		Acknowledged.assertUnavailable(this.files.complete(this.sent));
		Acknowledged.assertUnavailable(this.files.upload(SMALL));
		Acknowledged.assertUnavailable(this.alice.post("/v1/files", "{\"filename\": \"b.json\"}"));
		Acknowledged.assertUnavailable(this.files.delete(this.kept));
	}

	/** Requests in progress succeed. */
	void finish() throws IOException {
		assertThat(finishAsMayBe()).startsWith("HTTP/1.1 200");
	}

	/** Its row exists, and may grow where a new row does not fit. */
	String finishAsMayBe() throws IOException {
		String answer = this.upload.finish();
		if (answer.startsWith("HTTP/1.1 200")) {
			this.files.add(HeldUpload.idIn(answer), this.content);
		}
		else {
			assertThat(answer).startsWith("HTTP/1.1 503");
		}
		return answer;
	}

	/** Uploads small files until there is no room for more. */
	void fill() {
		Answer answer = this.files.upload(SMALL);
		for (int i = 0; i < 1_000 && answer.status() == 200; i++) {
			answer = this.files.upload(SMALL);
		}
		Acknowledged.assertUnavailable(answer);
	}

	void assertNothingCanBeRead() {
		Acknowledged.assertUnavailable(this.alice.get("/v1/files"));
		Acknowledged.assertUnavailable(this.alice.get("/v1/files/" + this.kept));
		Acknowledged.assertUnavailable(this.files.download(this.kept));
		assertReadiness(503);
	}

	void assertReadingGoesOn() {
		this.files.assertWholeAndNothingElseListed();
		assertThat(this.alice.get("/v1/files/" + this.sent).text("status")).isEqualTo("pending");
		assertReadiness(200);
	}

	private void assertReadiness(int status) {
		Answer readiness = this.alice.get("/actuator/health/readiness");
		assertThat(readiness.status()).as(readiness.toString()).isEqualTo(status);
	}

	/** After the fault, sent uploads can be completed, and nothing else is left. */
	void assertAllIsWell() {
		await().untilAsserted(() -> assertReadiness(200));
		await().untilAsserted(() -> this.files.assertWholeAndNothingElseListed());
		assertThat(this.files.complete(this.sent).status()).isEqualTo(200);
		assertThat(this.files.upload(SMALL).status()).isEqualTo(200);
		assertThat(this.files.delete(this.kept).status()).isEqualTo(200);
		this.files.assertNothingElseIsLeft();
	}

	@Override
	public void close() throws IOException {
		this.upload.close();
	}

}
