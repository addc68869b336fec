package dev.stowage;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;

import dev.stowage.support.Answer;
import dev.stowage.support.Caller;
import dev.stowage.support.Form;
import dev.stowage.support.OnSeveralCopies;
import dev.stowage.support.SharedBacking;
import dev.stowage.support.StowageProcess;
import dev.stowage.support.StowageServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** What clients see that call random instances. */
class SeveralCopiesTests extends OnSeveralCopies {

	/** Each in a separate process, because only then do they start at the same time. */
	@Test
	void makeOneKeyThatAllAcceptWhenAllStartForTheFirstTime(@TempDir Path empty) throws Exception {
		try (SharedBacking keyless = new SharedBacking(empty);
				ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
			List<Future<StowageProcess>> starts = new ArrayList<>();
			for (int i = 0; i < 2; i++) {
				starts.add(executor.submit(() -> StowageProcess.start(keyless, empty, "stowage.api-keys=")));
			}
			List<StowageProcess> first = new ArrayList<>();
			StringBuilder output = new StringBuilder();
			for (Future<StowageProcess> start : starts) {
				first.add(start.get());
				output.append(first.getLast().output());
			}
			List<String> keys = Pattern.compile("export API_KEY=(\\S+)")
				.matcher(output)
				.results()
				.map((shown) -> shown.group(1))
				.toList();
			assertThat(keys).hasSize(1);
			String id = new Caller(first.getFirst().url(), keys.getFirst()).uploaded("user_data", "a", "x");
			assertThat(first)
				.allSatisfy((copy) -> assertThat(new Caller(copy.url(), keys.getFirst()).get("/v1/files").ids())
					.containsExactly(id));
			first.forEach(StowageProcess::close);
		}
	}

	@Test
	void serveBothStylesWhicheverIsAsked() {
		for (int i = 0; i < 30; i++) {
			String text = "text " + i;
			String id = any().uploaded("user_data", "a", text);
			assertThat(any().get("/v1/files/" + id).json().path("bytes").asInt()).isEqualTo(text.length());
			assertThat(any().get("/v1/files/" + id + "/content").body()).isEqualTo(text);
			assertThat(any().get("/v1/files?limit=1").ids()).containsExactly(id);
			Answer grant = any().post("/v1/files", "{\"filename\": \"a.json\"}");
			String json = "[" + i + "]";
			assertThat(Caller.sendTo(URI.create(grant.text("upload_url")), "PUT", json).status()).isEqualTo(200);
			String granted = "/v1/files/" + grant.text("id");
			assertThat(any().get(granted).text("status")).isEqualTo("pending");
			assertThat(any().post(granted + "/complete").status()).isEqualTo(200);
			assertThat(any().get(granted).text("status")).isEqualTo("completed");
			assertThat(any().get(granted + "/content", "Accept", "application/octet-stream").body()).isEqualTo(json);
		}
	}

	@Test
	void acceptAKeyAtOnceAndRefuseItSoonAfterItWasRevoked() throws Exception {
		String projects = "/v1/organization/projects";
		Caller admin = this.copies.all().getFirst().with(StowageServer.ADMIN);
		String project = projects + "/" + admin.post(projects, "{\"name\": \"a\"}").text("id");
		JsonNode key = admin.post(project + "/service_accounts", "{\"name\": \"b\"}").json().path("api_key");
		List<Integer> made = this.copies
			.atOnce((copy) -> copy.with(key.path("value").asString()).get("/v1/files").status());
		assertThat(made).containsOnly(200);
		assertThat(admin.delete(project + "/api_keys/" + key.path("id").asString()).status()).isEqualTo(200);
		assertThat(this.copies.all().getFirst().with(key.path("value").asString()).get("/v1/files").status())
			.isEqualTo(401);
		// many wrong keys would be answered slowly
		await().pollInterval(Duration.ofSeconds(2))
			.atMost(Duration.ofSeconds(14))
			.untilAsserted(() -> assertThat(
					this.copies.atOnce((copy) -> copy.with(key.path("value").asString()).get("/v1/files").status()))
				.containsOnly(401));
	}

	@Test
	void completeAnUploadOnceThoughAllAreAskedAtOnce() throws Exception {
		for (int i = 0; i < 10; i++) {
			Answer grant = any().post("/v1/files", "{\"filename\": \"a.json\"}");
			Caller.sendTo(URI.create(grant.text("upload_url")), "PUT", "[1]");
			String path = "/v1/files/" + grant.text("id");
			assertThat(this.copies.atOnce((copy) -> copy.alice().post(path + "/complete").status()))
				.containsOnlyOnce(200)
				.allMatch((status) -> Set.of(200, 400, 409).contains(status));
			assertThat(any().get(path).text("status")).isEqualTo("completed");
		}
	}

	@Test
	void pageHonestlyWhileFilesComeAndGo() throws Exception {
		List<String> staying = new ArrayList<>();
		for (int i = 0; i < 25; i++) {
			staying.add(any().uploaded("user_data", "stays", "x"));
			any().uploaded("user_data", "leaves", "x");
		}
		List<String> leaving = new ArrayList<>(readAll(100, "asc"));
		leaving.removeAll(staying);
		AtomicBoolean changing = new AtomicBoolean(true);
		try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
			Future<?> changes = executor.submit(() -> {
				try {
					change(leaving);
				}
				finally {
					changing.set(false);
				}
			});
			for (int pass = 0; pass < 2 || changing.get(); pass++) {
				for (String order : List.of("asc", "desc")) {
					List<String> seen = readAll(7, order);
					assertThat(seen).doesNotHaveDuplicates();
					assertThat(seen).filteredOn(staying::contains)
						.isEqualTo(order.equals("asc") ? staying : staying.reversed());
				}
			}
			changes.get();
		}
	}

	/** With a random generator of its own, because it runs in parallel to the reader. */
	private void change(List<String> leaving) {
		Random its = new Random(SEED + 1);
		for (int i = 0; i < 40; i++) {
			leaving.add(this.copies.any(its).uploaded("user_data", "comes", "x"));
			String left = leaving.remove(its.nextInt(leaving.size()));
			assertThat(this.copies.any(its).delete("/v1/files/" + left).status()).isEqualTo(200);
		}
	}

	private List<String> readAll(int limit, String order) {
		List<String> seen = new ArrayList<>();
		boolean more = true;
		while (more) {
			Answer page = any().get("/v1/files?order=" + order + "&limit=" + limit
					+ (seen.isEmpty() ? "" : "&after=" + seen.getLast()));
			seen.addAll(page.ids());
			more = page.json().path("has_more").asBoolean();
		}
		return seen;
	}

	@Test
	void deleteForAllAtOnce() {
		for (int i = 0; i < 20; i++) {
			String id = (i % 2 == 0) ? any().uploaded("user_data", "a", "x") : any().completed("a.json", "[]");
			assertThat(any().delete("/v1/files/" + id).status()).isEqualTo(200);
			requireGoneForAll(id);
		}
	}

	@Test
	void letAFileExpireForAll() {
		String id = any()
			.upload(new Form().field("purpose", "evals")
				.field("expires_after[anchor]", "created_at")
				.field("expires_after[seconds]", "3600")
				.file("a", "x"))
			.text("id");
		this.copies.all().forEach((copy) -> assertThat(copy.alice().get("/v1/files/" + id).status()).isEqualTo(200));
		this.copies.all().forEach((copy) -> copy.clock().move(Duration.ofHours(1)));
		requireGoneForAll(id);
		this.copies.all().getLast().sweep();
		this.backing.requireNothingBut(Set.of());
	}

	private void requireGoneForAll(String id) {
		for (StowageServer copy : this.copies.all()) {
			assertThat(copy.alice().get("/v1/files/" + id).status()).isEqualTo(404);
			assertThat(copy.alice().get("/v1/files/" + id + "/content").status()).isEqualTo(404);
			assertThat(copy.alice().delete("/v1/files/" + id).status()).isEqualTo(404);
			assertThat(copy.alice().get("/v1/files").ids()).isEmpty();
		}
	}

}
