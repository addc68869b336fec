package dev.stowage;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

import dev.stowage.support.Answer;
import dev.stowage.support.Form;
import dev.stowage.support.OnSeveralCopies;
import dev.stowage.support.RawConnection;
import dev.stowage.support.StowageProcess;
import dev.stowage.support.StowageServer;
import dev.stowage.support.Together;
import org.junit.jupiter.api.Test;

import static dev.stowage.support.Soon.await;
import static org.assertj.core.api.Assertions.assertThat;

/** What several instances do with requests that have the same key. */
class RepeatedRequestsTests extends OnSeveralCopies {

	private static final Form FORM = new Form().field("purpose", "user_data").file("a.txt", "hello");

	private static final String GRANT = "{\"filename\": \"data.json\"}";

	@Test
	void storeOneFileForEachKeyWhicheverIsAsked() throws Exception {
		Set<String> stored = ConcurrentHashMap.newKeySet();
		for (int i = 0; i < 10; i++) {
			String key = "key " + i;
			ConcurrentLinkedQueue<StowageServer> next = new ConcurrentLinkedQueue<>();
			for (int round = 0; round < 3; round++) {
				next.addAll(this.copies.all());
			}
			List<String> ids = Together.run(9, () -> stored(next.remove(), key));
			assertThat(ids).hasSize(9).containsOnly(ids.getFirst());
			stored.add(ids.getFirst());
		}
		assertThat(any().get("/v1/files").ids()).containsExactlyInAnyOrderElementsOf(stored).hasSize(10);
		this.copies.all().getFirst().sweep();
		this.backing.requireNothingBut(stored);
	}

	private static String stored(StowageServer copy, String key) {
		Answer answer = copy.alice().upload(FORM, key);
		while (answer.status() == 409) {
			answer = copy.alice().upload(FORM, key);
		}
		assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
		return answer.text("id");
	}

	@Test
	void issueOneGrantForEachKeyWhicheverIsAsked() throws Exception {
		List<String> ids = Together.run(9, () -> {
			Answer answer = this.copies.all()
				.get((int) (Thread.currentThread().threadId() % 3))
				.alice()
				.grant(GRANT, "key");
			assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
			return answer.text("id");
		});
		assertThat(ids).containsOnly(ids.getFirst());
		assertThat(this.backing.database().sql("SELECT count(*) FROM file").query(Integer.class).single()).isOne();
	}

	@Test
	void storeTheFileOfAnInstanceThatWasKilledOnceItsLeaseHasEnded() throws Exception {
		StowageServer other = this.copies.all().getFirst();
		try (StowageProcess killed = StowageProcess.start(this.backing, this.folder, "stowage.sweep-interval=0");
				RawConnection upload = begin(killed)) {
			await().until(() -> this.backing.database()
				.sql("SELECT count(*) FROM idempotency_key")
				.query(Integer.class)
				.single() == 1);
			killed.kill();
			assertThat(other.alice().upload(FORM, "key").status()).isEqualTo(409);
			assertThat(upload.countUntilEnd()).isZero();
		}
		other.sweep();
		assertThat(other.alice().upload(FORM, "key").status()).isEqualTo(409);
		this.backing.database().sql("UPDATE file SET sweep_at = sweep_at - 3600").update();
		other.sweep();
		Answer next = other.alice().upload(FORM, "key");
		assertThat(next.status()).as(next.toString()).isEqualTo(200);
		assertThat(next.header("Idempotency-Replayed")).isEmpty();
		assertThat(any().upload(FORM, "key").body()).isEqualTo(next.body());
		this.backing.database().sql("UPDATE file SET sweep_at = sweep_at - 3600").update();
		other.sweep();
		this.backing.requireNothingBut(Set.of(next.text("id")));
	}

	private static RawConnection begin(StowageProcess process) throws IOException {
		return process.connect().uploadHead("Idempotency-Key: key", "Content-Length: 1000").send(FORM.unfinished());
	}

}
