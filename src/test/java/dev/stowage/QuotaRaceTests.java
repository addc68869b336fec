package dev.stowage;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import dev.stowage.owner.Owner;
import dev.stowage.quota.Quota;
import dev.stowage.quota.Quotas;
import dev.stowage.quota.Usage;
import dev.stowage.support.Answer;
import dev.stowage.support.Caller;
import dev.stowage.support.Form;
import dev.stowage.support.Leftovers;
import dev.stowage.support.SharedBacking;
import dev.stowage.support.StowageServer;
import dev.stowage.support.Together;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** Clients of several instances that race for what is left of a quota. */
class QuotaRaceTests {

	private static final int CLIENTS = 64;

	private static final int ROUNDS = 5;

	private static final Owner ALICE = new Owner("alice");

	@TempDir
	static Path folder;

	private static final List<StowageServer> servers = new ArrayList<>();

	private static SharedBacking backing;

	@BeforeAll
	static void start() {
		backing = new SharedBacking(folder);
		for (int i = 0; i < 4; i++) {
			servers.add(StowageServer.start(folder, backing.settings()));
		}
	}

	@AfterAll
	static void stop() throws Exception {
		servers.forEach(StowageServer::close);
		backing.close();
	}

	private static Quotas quotas() {
		return servers.getFirst().bean("quotas", Quotas.class);
	}

	private static void allow(long files, long bytes) {
		quotas().change(ALICE,
				(own) -> own.with(new Quota(OptionalLong.of(files), OptionalLong.of(bytes), OptionalLong.empty())));
	}

	/**
	 * Sizes from 1 to 16 bytes, so that some clients find room for less than they ask.
	 */
	@Test
	void neverGetMoreThanTheQuota() throws Exception {
		AtomicInteger number = new AtomicInteger();
		for (int round = 1; round <= ROUNDS; round++) {
			allow(10_000, 100L * round);
			List<Answer> answers = Together.run(CLIENTS, () -> {
				int mine = number.getAndIncrement();
				Caller client = servers.get(mine % servers.size()).alice();
				return (mine % 3 == 0) ? granted(client, mine % 16 + 2)
						: client.upload(new Form().field("purpose", "user_data").file("a", "x".repeat(mine % 16 + 1)));
			});
			requireOnlyRefusals(answers);
			Usage usage = quotas().usage(ALICE);
			assertThat(usage.bytes()).isLessThanOrEqualTo(100L * round).isGreaterThan(100L * round - 18);
			Leftovers.requireCounted(backing.database());
		}
		long acknowledged = servers.getFirst()
			.alice()
			.get("/v1/files?limit=10000")
			.json()
			.get("data")
			.valueStream()
			.mapToLong((file) -> file.get("bytes").asLong())
			.sum();
		assertThat(acknowledged).isLessThanOrEqualTo(100L * ROUNDS);
	}

	private static Answer granted(Caller client, int size) {
		return client.post("/v1/files", "{\"filename\": \"a.json\", \"bytes\": " + size + "}");
	}

	private static void requireOnlyRefusals(List<Answer> answers) {
		assertThat(answers).allSatisfy((answer) -> {
			assertThat(answer.status()).as(answer.body()).isIn(200, 201, 429);
			if (answer.status() == 429) {
				assertThat(answer.text("code")).isEqualTo("insufficient_quota");
			}
		});
		assertThat(answers).anyMatch((answer) -> answer.status() == 429);
	}

	@Test
	void getExactlyAsManyFilesAsAreAllowed() throws Exception {
		Owner bob = new Owner("bob");
		long before = quotas().usage(bob).files();
		int allowed = backing.database().sql("SHOW max_connections").query(Integer.class).single() + 100;
		quotas().change(bob, (own) -> own
			.with(new Quota(OptionalLong.of(before + allowed), OptionalLong.empty(), OptionalLong.empty())));
		AtomicInteger number = new AtomicInteger();
		int each = allowed / CLIENTS + 2;
		List<Answer> answers = Together.run(CLIENTS, () -> {
			Caller client = servers.get(number.getAndIncrement() % servers.size()).bob();
			return IntStream.range(0, each).mapToObj((any) -> granted(client, 10)).toList();
		}).stream().flatMap(List::stream).toList();
		requireOnlyRefusals(answers);
		assertThat(answers.stream().filter((answer) -> answer.status() != 429)).hasSize(allowed);
		assertThat(quotas().usage(bob).files()).isEqualTo(before + allowed);
		Leftovers.requireCounted(backing.database());
	}

	@Test
	void getExactlyAsManyBytesAsAreAllowed() throws Exception {
		Owner bob = new Owner("bob");
		Usage before = quotas().usage(bob);
		long size = 160;
		long allowed = size * 10 * backing.database().sql("SHOW max_connections").query(Integer.class).single();
		quotas().change(bob, (own) -> own
			.with(new Quota(OptionalLong.empty(), OptionalLong.of(before.bytes() + allowed), OptionalLong.empty())));
		// all but as much as 375 of them have
		assertThat(granted(servers.getFirst().bob(), (int) (allowed - 375 * size)).status()).isLessThan(300);
		AtomicInteger number = new AtomicInteger();
		List<Answer> answers = Together.run(CLIENTS, () -> {
			Caller client = servers.get(number.getAndIncrement() % servers.size()).bob();
			return IntStream.range(0, 7).mapToObj((any) -> granted(client, (int) size)).toList();
		}).stream().flatMap(List::stream).toList();
		requireOnlyRefusals(answers);
		assertThat(answers.stream().filter((answer) -> answer.status() != 429)).hasSize(375);
		assertThat(quotas().usage(bob).bytes()).isEqualTo(before.bytes() + allowed);
	}

}
