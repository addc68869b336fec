package dev.stowage.api;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

import dev.stowage.support.Answer;
import dev.stowage.support.Caller;
import dev.stowage.support.Form;
import dev.stowage.support.HeldUpload;
import dev.stowage.support.Leftovers;
import dev.stowage.support.RawConnection;
import dev.stowage.support.StowageServer;

import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The files that a server has acknowledged. After any failure they are complete, nothing
 * else is listed, and after the sweep nothing else is left.
 */
final class Acknowledged {

	private static final int HELD_BACK = 20;

	private static final byte[] JSON = "[1, 2, 3]".getBytes(StandardCharsets.UTF_8);

	private final StowageServer server;

	private final Caller alice;

	private final Map<String, byte[]> files = new LinkedHashMap<>();

	Acknowledged(StowageServer server) {
		this.server = server;
		this.alice = server.alice();
	}

	/** Uploads through the server, and remembers what was acknowledged. */
	Answer upload(byte[] content) {
		Answer answer = this.alice.upload(form(content));
		if (answer.status() == 200) {
			this.files.put(answer.text("id"), content);
		}
		return answer;
	}

	/** Uploads through a server, except for the end. */
	static HeldUpload begin(StowageServer server, byte[] content) throws IOException {
		byte[] form = form(content).bytes();
		return new HeldUpload(new RawConnection(server), form, form.length - HELD_BACK)
			.awaitRow(JdbcClient.create(server.database()));
	}

	private static Form form(byte[] content) {
		return new Form().field("purpose", "user_data").file("a.bin", content);
	}

	/** Adds what was uploaded in another way. */
	void add(String id, byte[] content) {
		this.files.put(id, content);
	}

	/** A pre-signed file whose bytes were sent, ready to be completed. */
	String sent() {
		Answer created = this.alice.post("/v1/files", "{\"filename\": \"a.json\"}");
		assertThat(created.status()).as(created.toString()).isEqualTo(200);
		String json = new String(JSON, StandardCharsets.UTF_8);
		Answer put = Caller.sendTo(URI.create(created.text("upload_url")), "PUT", json);
		assertThat(put.status()).as(put.toString()).isEqualTo(200);
		return created.text("id");
	}

	Answer complete(String id) {
		Answer answer = this.alice.post("/v1/files/" + id + "/complete");
		if (answer.status() == 200) {
			this.files.put(id, JSON);
		}
		return answer;
	}

	/** The content as bytes, for both styles. */
	Answer download(String id) {
		return this.alice.get("/v1/files/" + id + "/content", "Accept", "application/octet-stream");
	}

	Answer delete(String id) {
		Answer answer = this.alice.delete("/v1/files/" + id);
		if (answer.status() == 200) {
			this.files.remove(id);
		}
		return answer;
	}

	/** The ids of all of them. */
	Set<String> ids() {
		return Set.copyOf(this.files.keySet());
	}

	static void assertUnavailable(Answer answer) {
		assertThat(answer.status()).as(answer.toString()).isEqualTo(503);
		assertThat(answer.header("Retry-After")).contains("5");
		assertThat(answer.header("Content-Type")).contains("application/problem+json");
		assertThat(answer.text("code")).isEqualTo("storage_unavailable");
		assertThat(answer.json().path("error").path("type").asString()).isEqualTo("server_error");
		assertThat(answer.text("detail"))
			.isEqualTo("The server cannot reach its storage. Please try again in a moment.");
	}

	void assertWholeAndNothingElseListed() {
		assertNothingElseIsListed();
		this.files.forEach((id, content) -> {
			Answer answer = download(id);
			assertThat(answer.status()).isEqualTo(200);
			assertThat(answer.bytes()).as(id).isEqualTo(content);
		});
	}

	void assertNothingElseIsListed() {
		assertThat(this.alice.get("/v1/files").ids()).containsExactlyInAnyOrderElementsOf(this.files.keySet());
	}

	/** Moves the clock past leases, signed URLs and late effects of the store. */
	void assertNothingElseIsLeft() {
		letTimePassAndSweep();
		assertWholeAndNothingElseListed();
		Leftovers.requireNone(this.files.keySet(), JdbcClient.create(this.server.database()), this.server.engine());
	}

	void letTimePassAndSweep() {
		for (int round = 0; round < 3; round++) {
			this.server.clock().move(Duration.ofMinutes(80));
			this.server.sweep();
		}
	}

}
