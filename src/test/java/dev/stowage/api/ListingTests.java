package dev.stowage.api;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.stowage.support.Answer;
import dev.stowage.support.Backing;
import dev.stowage.support.Caller;
import dev.stowage.support.HeldUpload;
import dev.stowage.support.OnEachBacking;
import dev.stowage.support.StowageServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/** Listing, showing and deleting. */
class ListingTests extends OnEachBacking {

	@TempDir
	static Path folder;

	private static StowageServer server;

	private static final List<String> ids = new ArrayList<>();

	@BeforeParameterizedClassInvocation
	static void start(Backing backing) {
		server = StowageServer.start(backing, folder);
		ids.clear();
		for (int i = 0; i < 25; i++) {
			ids.add(server.alice().uploaded((i % 2 == 0) ? "batch" : "vision", i + ".jsonl", "x"));
			server.clock().move(Duration.ofMillis(1));
		}
	}

	@AfterParameterizedClassInvocation
	static void stop() {
		server.close();
	}

	@Test
	void listsNewestFirst() {
		Answer answer = server.alice().get("/v1/files");
		assertThat(answer.ids()).containsExactlyElementsOf(ids.reversed());
		assertThat(answer.text("object")).isEqualTo("list");
		assertThat(answer.json().path("has_more").asBoolean()).isFalse();
		assertThat(answer.text("first_id")).isEqualTo(ids.getLast());
		assertThat(answer.text("last_id")).isEqualTo(ids.getFirst());
	}

	@ParameterizedTest
	@CsvSource({ "1, asc", "7, desc", "12, asc", "25, desc", "26, asc" })
	void pagesOverAll(int limit, String order) {
		List<String> seen = new ArrayList<>();
		String after = "";
		boolean more = true;
		while (more) {
			Answer page = server.alice().get("/v1/files?limit=" + limit + "&order=" + order + after);
			assertThat(page.ids()).hasSizeBetween(1, limit);
			seen.addAll(page.ids());
			more = page.json().path("has_more").asBoolean();
			after = "&after=" + page.text("last_id");
		}
		assertThat(seen).containsExactlyElementsOf(order.equals("asc") ? ids : ids.reversed());
	}

	@Test
	void filtersByPurpose() {
		assertThat(server.alice().get("/v1/files?purpose=vision&limit=5").ids()).hasSize(5);
		assertThat(server.alice().get("/v1/files?purpose=vision").ids()).hasSize(12);
		assertThat(server.alice().get("/v1/files?purpose=evals").ids()).isEmpty();
		assertThat(server.alice().get("/v1/files?purpose=batch_output").ids()).isEmpty();
	}

	@Test
	void showsAnEmptyListWithNullIds() {
		assertThat(server.bob().get("/v1/files").body())
			.isEqualTo("{\"object\":\"list\",\"data\":[],\"has_more\":false,\"first_id\":null,\"last_id\":null}");
	}

	@ParameterizedTest
	@CsvSource({ "limit=0, limit", "limit=10001, limit", "limit=x, limit", "limit=%20, limit", "order=up, order",
			"order=%20, order", "after=nonsense, after", "after=%20, after", "purpose=nonsense, purpose",
			"purpose=%20, purpose" })
	void refusesOtherQueries(String query, String param) {
		Answer answer = server.alice().get("/v1/files?" + query);
		assertThat(answer.status()).isEqualTo(400);
		assertThat(answer.json().path("error").path("param").asString()).isEqualTo(param);
	}

	@ParameterizedTest
	@ValueSource(strings = { "after=&purpose=&limit=&order=", "after=", "limit=", "order", "purpose", "after&limit" })
	void takesAnEmptyValueForAnAbsentOne(String query) {
		assertThat(server.alice().get("/v1/files?" + query).body()).isEqualTo(server.alice().get("/v1/files").body());
		if (!query.contains("limit")) {
			assertThat(server.alice().get("/v1/files?" + query + "&limit=3").ids())
				.isEqualTo(server.alice().get("/v1/files?limit=3").ids());
		}
	}

	@Test
	void keepsOwnersApart() {
		String id = ids.getFirst();
		Caller bob = server.bob();
		String unknown = "/v1/files/" + "file-" + "0".repeat(30);
		for (String path : List.of("", "/content")) {
			Answer foreign = bob.get("/v1/files/" + id + path);
			assertThat(foreign.status()).isEqualTo(404);
			assertThat(withoutIds(foreign)).isEqualTo(withoutIds(bob.get(unknown + path)));
		}
		assertThat(bob.delete("/v1/files/" + id).status()).isEqualTo(404);
		assertThat(bob.post("/v1/files/" + id + "/complete").status()).isEqualTo(404);
		assertThat(bob.get("/v1/files?after=" + id).status()).isEqualTo(200);
		assertThat(server.alice().get("/v1/files/" + id).status()).isEqualTo(200);
	}

	private static String withoutIds(Answer answer) {
		return answer.body().replaceAll("file-[0-9A-Za-z]+", "ID").replaceAll("req_[0-9a-f]{32}", "REQ");
	}

	@Test
	void deletesForGoodAndPagesOn() {
		Caller bob = server.bob();
		String first = bob.uploaded("user_data", "1", "x");
		String second = bob.uploaded("user_data", "2", "x");
		assertThat(bob.delete("/v1/files/" + first).body())
			.isEqualTo("{\"id\":\"%s\",\"object\":\"file\",\"deleted\":true}".formatted(first));
		assertThat(bob.delete("/v1/files/" + first).status()).isEqualTo(404);
		assertThat(bob.get("/v1/files/" + first).status()).isEqualTo(404);
		assertThat(bob.get("/v1/files/" + first + "/content").status()).isEqualTo(404);
		assertThat(bob.get("/v1/files?order=asc&after=" + first).ids()).containsExactly(second);
		server.sweep();
		assertThat(server.engine().keys()).contains("files/" + second).doesNotContain("files/" + first);
		assertThat(bob.delete("/v1/files/" + second).status()).isEqualTo(200);
	}

	@Test
	void listsAnUploadWhenItEndsBehindWhatEndedBeforeIt(@TempDir Path other) throws Exception {
		try (StowageServer slow = StowageServer.start(this.backing, other, "stowage.expiry.user-data=1h");
				HeldUpload upload = Acknowledged.begin(slow, new byte[100])) {
			Duration longer = Duration.ofMinutes(61);
			slow.clock().move(longer);
			String seen = slow.alice().uploaded("user_data", "a", "x");
			assertThat(slow.alice().get("/v1/files").ids()).containsExactly(seen);
			String answer = upload.finish();
			assertThat(answer).startsWith("HTTP/1.1 200");
			String ended = HeldUpload.idIn(answer);
			assertThat(ended).isLessThan(seen);
			assertThat(slow.alice().get("/v1/files?order=asc&after=" + seen).ids()).containsExactly(ended);
			assertThat(slow.alice().get("/v1/files").ids()).containsExactly(ended, seen);
			// its lifetime begins when the upload ends; otherwise it would have expired
			JsonNode file = slow.alice().get("/v1/files/" + ended).json();
			long now = slow.clock().instant().getEpochSecond();
			assertThat(file.path("created_at").asLong()).isBetween(now - 60, now);
			assertThat(file.path("expires_at").asLong()).isEqualTo(file.path("created_at").asLong() + 3600);
		}
	}

	@Test
	void takesAnyIdForACursor(@TempDir Path other) {
		try (StowageServer any = StowageServer.start(this.backing, other)) {
			String first = any.alice().uploaded("user_data", "a", "x");
			any.clock().move(Duration.ofMillis(1));
			String foreign = any.bob().uploaded("user_data", "a", "x");
			String pending = any.alice().post("/v1/files", "{\"filename\": \"a.json\"}").text("id");
			any.clock().move(Duration.ofMillis(1));
			String second = any.alice().uploaded("user_data", "b", "x");
			for (String cursor : List.of(foreign, pending)) {
				assertThat(any.alice().get("/v1/files?order=asc&after=" + cursor).ids()).containsExactly(second);
				assertThat(any.alice().get("/v1/files?order=desc&after=" + cursor).ids()).containsExactly(first);
			}
		}
	}

	@Test
	void hidesExpiredFilesBeforeTheyAreSwept(@TempDir Path other) {
		try (StowageServer brief = StowageServer.start(this.backing, other, "stowage.expiry.user-data=1h")) {
			String id = brief.alice().uploaded("user_data", "a", "x");
			brief.clock().move(Duration.ofMinutes(59));
			assertThat(brief.alice().get("/v1/files/" + id).status()).isEqualTo(200);
			brief.clock().move(Duration.ofMinutes(1));
			assertThat(brief.alice().get("/v1/files/" + id).status()).isEqualTo(404);
			assertThat(brief.alice().get("/v1/files/" + id + "/content").status()).isEqualTo(404);
			assertThat(brief.alice().delete("/v1/files/" + id).status()).isEqualTo(404);
			assertThat(brief.alice().get("/v1/files").ids()).isEmpty();
			assertThat(brief.engine().keys()).hasSize(1);
			brief.sweep();
			assertThat(brief.engine().keys()).isEmpty();
		}
	}

}
