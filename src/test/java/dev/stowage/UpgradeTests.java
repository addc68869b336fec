package dev.stowage;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

import dev.stowage.support.Answer;
import dev.stowage.support.Caller;
import dev.stowage.support.Form;
import dev.stowage.support.Leftovers;
import dev.stowage.support.OldVersion;
import dev.stowage.support.StowageServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

import org.springframework.jdbc.core.simple.JdbcClient;

import static java.net.http.HttpRequest.BodyPublishers.noBody;
import static java.net.http.HttpRequest.BodyPublishers.ofString;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** Starts this version over what each {@link OldVersion} left behind. */
@ParameterizedClass(name = "{0}")
@MethodSource("dev.stowage.support.OldVersion#all")
class UpgradeTests {

	/** After it, nothing that was begun can be completed any more, or asked for. */
	private static final Duration ALL_UPLOADS_END = Duration.ofDays(3);

	private static final String TUS = "Tus-Resumable";

	/** Longer than any lifetime that a client may ask for. */
	private static final Duration MONTH = Duration.ofDays(31);

	@Parameter
	OldVersion old;

	@TempDir
	Path folder;

	private JsonNode recorded;

	private StowageServer server;

	@BeforeEach
	void start() throws IOException {
		this.recorded = this.old.answers();
		this.server = this.old.start(this.folder);
	}

	@AfterEach
	void stop() {
		this.server.close();
	}

	@Test
	void keepsEveryFileAsItWas() {
		requireSame(this.server.alice(), "alice");
		requireSame(this.server.bob(), "bob");
	}

	private void requireSame(Caller caller, String owner) {
		List<JsonNode> files = files(owner);
		Answer list = caller.get("/v1/files?limit=100");
		assertThat(files).isNotEmpty();
		assertThat(list.ids()).containsExactlyElementsOf(ids(files));
		for (int i = 0; i < files.size(); i++) {
			requireAllOf(files.get(i), list.json().path("data").path(i));
			requireAllOf(files.get(i), caller.get("/v1/files/" + ids(files).get(i)).json());
		}
		requireBytes(caller, owner, ids(files));
	}

	/** A new version may say more of a file, and nothing else. */
	private static void requireAllOf(JsonNode before, JsonNode now) {
		assertThat(before.properties()).isNotEmpty()
			.allSatisfy((member) -> assertThat(now.path(member.getKey())).as("%s of %s", member.getKey(), before)
				.isEqualTo(member.getValue()));
	}

	private void requireBytes(Caller caller, String owner, List<String> ids) {
		JsonNode sums = this.recorded.path(owner).path("sha256");
		assertThat(ids).allSatisfy((id) -> {
			Answer content = caller.get("/v1/files/" + id + "/content", "Accept", "application/octet-stream");
			assertThat(content.status()).isEqualTo(200);
			assertThat(sha256(content.bytes())).isEqualTo(sums.path(id).asString());
		});
	}

	@Test
	void opensThemToTheirOwnersAlone() {
		String path = "/v1/files/" + ids(files("alice")).getFirst();
		assertThat(this.server.bob().get(path).status()).isEqualTo(404);
		assertThat(this.server.bob().get(path + "/content").status()).isEqualTo(404);
		assertThat(this.server.bob().delete(path).status()).isEqualTo(404);
		assertThat(this.server.with("sk-nobody-0123456789abcdef").get("/v1/files").status()).isEqualTo(401);
		assertThat(this.server.with("").get(path).status()).isEqualTo(401);
		assertThat(this.server.alice().get(path).status()).isEqualTo(200);
	}

	@Test
	void goesOnWithUploadsThatWereUnderWay() {
		Caller alice = this.server.alice();
		JsonNode granted = this.recorded.path("granted");
		requireAllOf(granted, alice.get(path(granted)).json());
		assertThat(alice.post(path(granted) + "/complete").status()).isBetween(400, 499);
		requireAllOf(granted, alice.get(path(granted)).json());

		JsonNode sent = this.recorded.path("sent");
		requireAllOf(sent, alice.get(path(sent)).json());
		Answer completed = alice.post(path(sent) + "/complete");
		assertThat(completed.text("status")).isEqualTo("completed");
		assertThat(completed.json().path("expires_at")).isEqualTo(sent.path("expires_at"));
		assertThat(alice.get(path(sent) + "/content", "Accept", "application/octet-stream").body())
			.isEqualTo(this.recorded.path("sent_content").asString());

		JsonNode refused = this.recorded.path("refused");
		Answer refusal = alice.post(path(refused) + "/complete");
		for (String member : List.of("status", "code", "detail")) {
			assertThat(refusal.json().path(member)).isEqualTo(refused.path("refusal").path(member));
		}
	}

	@Test
	void keepsProjectsWithTheirKeysAndLimits() {
		JsonNode recorded = this.recorded.path("carol");
		assumeTrue(recorded.isObject(), "SKIPPED: the old version had no projects");
		Caller carol = this.server.with(recorded.path("key").asString());
		requireSame(carol, "carol");
		assertThat(carol.get("/v1/files?metadata[team]=blue").ids()).containsExactlyElementsOf(ids(files("carol")));
		requireAllOf(recorded.path("usage"), carol.get("/v1/usage").json());
		long left = recorded.at("/quota/max_files").asLong() - files("carol").size();
		for (int i = 0; i < left; i++) {
			carol.uploaded("user_data", "new.txt", "new");
		}
		assertThat(carol.upload(new Form().field("purpose", "user_data").file("more.txt", "more")).text("code"))
			.isEqualTo("insufficient_quota");
	}

	@Test
	void continuesUploadsThatWereBegun() {
		JsonNode begun = this.recorded.path("unfinished");
		assumeTrue(begun.isObject(), "SKIPPED: the old version had no uploads of several requests");
		Caller alice = this.server.alice();
		String parts = "/v1/uploads/" + begun.at("/parts/id").asString();
		String second = alice
			.form(parts + "/parts",
					new Form().part("form-data; name=\"data\"", "56789".getBytes(StandardCharsets.UTF_8)))
			.text("id");
		Answer completed = alice.post(parts + "/complete",
				"{\"part_ids\": [\"" + begun.at("/part/id").asString() + "\", \"" + second + "\"]}");
		assertThat(completed.status()).as(completed.body()).isEqualTo(200);
		requireContent(completed.json().path("file"));

		String tus = "/v1/uploads/" + begun.path("tus").asString();
		assertThat(alice.send("HEAD", tus, noBody(), TUS, "1.0.0").header("Upload-Offset")).contains("5");
		Answer last = alice.send("PATCH", tus, ofString("56789"), TUS, "1.0.0", "Upload-Offset", "5", "Content-Type",
				"application/offset+octet-stream");
		requireContent(alice.get(last.header("Content-Location").orElseThrow()).json());

		JsonNode once = begun.path("once");
		Answer again = alice.upload(new Form().field("purpose", "user_data").file("once.txt", "once"), "once");
		assertThat(again.header("Idempotency-Replayed")).contains("true");
		assertThat(again.text("id")).isEqualTo(once.path("id").asString());
	}

	private void requireContent(JsonNode file) {
		assertThat(this.server.alice().get(path(file) + "/content").body()).isEqualTo("0123456789");
	}

	@Test
	void takesNewFilesBeforeTheOldOnes() {
		String multipart = this.server.alice().uploaded("user_data", "new.txt", "new");
		String presigned = this.server.alice().completed("new.json", "[3]");
		assertThat(this.server.alice().get("/v1/files?limit=100").ids()).startsWith(presigned, multipart)
			.endsWith(ids(files("alice")).toArray(String[]::new))
			.hasSize(2 + files("alice").size());
		assertThat(this.server.alice().get("/v1/files/" + multipart + "/content").body()).isEqualTo("new");
		requireSame(this.server.bob(), "bob");
	}

	@Test
	void leavesNothingThatIsNotListed() {
		requireThatDeletedIsGone();
		for (Duration later : List.of(ALL_UPLOADS_END, MONTH)) {
			this.server.clock().move(later);
			// what came by signed URLs is looked at again after it became a file
			this.server.sweep();
			this.server.sweep();
			List<String> listed = new ArrayList<>();
			for (Map.Entry<String, Caller> owner : owners().entrySet()) {
				List<String> ids = ids(files(owner.getKey()).stream().filter(this::isNotExpired).toList());
				assertThat(owner.getValue().get("/v1/files?limit=100").ids()).containsExactlyElementsOf(ids);
				requireBytes(owner.getValue(), owner.getKey(), ids);
				listed.addAll(ids);
			}
			assertThat(listed).isNotEmpty();
			Leftovers.requireNone(listed, JdbcClient.create(this.server.database()), this.server.engine());
			requireThatDeletedIsGone();
		}
		for (String pending : List.of("granted", "sent", "refused")) {
			assertThat(this.server.alice().get(path(this.recorded.path(pending))).status()).isEqualTo(404);
		}
	}

	private Map<String, Caller> owners() {
		Map<String, Caller> owners = new HashMap<>(Map.of("alice", this.server.alice(), "bob", this.server.bob()));
		if (this.recorded.has("carol")) {
			owners.put("carol", this.server.with(this.recorded.at("/carol/key").asString()));
		}
		return owners;
	}

	/** As a cursor, its id still has its place. */
	private void requireThatDeletedIsGone() {
		JsonNode deleted = this.recorded.path("deleted");
		assertThat(this.server.alice().get(path(deleted)).status()).isEqualTo(404);
		assertThat(this.server.alice().get(path(deleted) + "/content").status()).isEqualTo(404);
		assertThat(this.server.alice().get("/v1/files?after=" + deleted.path("id").asString()).ids())
			.startsWith(deleted.path("next").asString());
	}

	private boolean isNotExpired(JsonNode file) {
		JsonNode expires = file.path("expires_at");
		return expires.isNull() || expires.asLong() > this.server.clock().instant().getEpochSecond();
	}

	private List<JsonNode> files(String owner) {
		return this.recorded.path(owner).path("files").valueStream().toList();
	}

	private static List<String> ids(List<JsonNode> files) {
		return files.stream().map((file) -> file.path("id").asString()).toList();
	}

	private static String path(JsonNode file) {
		return "/v1/files/" + file.path("id").asString();
	}

	private static String sha256(byte[] bytes) {
		try {
			return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
		}
		catch (NoSuchAlgorithmException ex) {
			throw new AssertionError(ex);
		}
	}

}
