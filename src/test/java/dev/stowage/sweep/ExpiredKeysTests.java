package dev.stowage.sweep;

import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Map;

import dev.stowage.database.QueryPlan;
import dev.stowage.database.TestDatabase;
import dev.stowage.support.Backing;
import dev.stowage.support.FileWorld;
import dev.stowage.support.Form;
import dev.stowage.support.OnEachBacking;
import dev.stowage.support.StowageServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.jdbc.core.simple.JdbcClient;

import static dev.stowage.support.Soon.await;
import static org.assertj.core.api.Assertions.assertThat;

/** The rounds of the sweeper remove keys that have expired, and no others. */
class ExpiredKeysTests extends OnEachBacking {

	private static final Instant NOW = Instant.ofEpochSecond(1_760_329_882);

	@TempDir
	Path folder;

	@Test
	void goWithTheNextRound() {
		try (StowageServer server = StowageServer.start(this.backing, this.folder, "stowage.idempotency.ttl=1s",
				"stowage.sweep-interval=100ms")) {
			Form form = new Form().field("purpose", "user_data").file("a.txt", "hello");
			String id = server.alice().upload(form, "key").text("id");
			await().until(() -> count(JdbcClient.create(server.database())) == 0);
			assertThat(server.alice().get("/v1/files").ids()).containsExactly(id);
		}
	}

	@Test
	void goInBatchesUntilNoneIsLeft() {
		try (TestDatabase database = TestDatabase.of(this.backing, this.folder)) {
			fill(database, 2_500, NOW);
			fill(database, 10, NOW.plusSeconds(1));
			new ExpiredKeys(new ExpiredKeyRepository(database.jdbc(), database.changes()),
					FileWorld.properties(Map.of()))
				.remove(NOW);
			assertThat(count(database.jdbc())).isEqualTo(10);
		}
	}

	@Test
	void areFoundByAnIndex() throws SQLException {
		try (TestDatabase database = TestDatabase.sqlite(this.folder)) {
			assertThat(QueryPlan.of(database, "EXPLAIN QUERY PLAN", "detail",
					(rows) -> new ExpiredKeyRepository(rows.uploads().jdbc(), database.changes()).remove(NOW, NOW, 10)))
				.anyMatch((step) -> step.contains("idempotency_key_by_time (expires_at<?)"))
				.noneMatch((step) -> step.startsWith("SCAN"))
				.noneMatch((step) -> step.contains("B-TREE"));
		}
	}

	private static int count(JdbcClient jdbc) {
		return jdbc.sql("SELECT count(*) FROM idempotency_key").query(Integer.class).single();
	}

	private static void fill(TestDatabase database, int count, Instant expiresAt) {
		for (int from = 0; from < count; from += 100) {
			StringBuilder rows = new StringBuilder();
			for (int i = from; i < Math.min(from + 100, count); i++) {
				rows.append((i > from) ? ", " : "")
					.append("('alice', '")
					.append(expiresAt.getEpochSecond())
					.append('-')
					.append(i)
					.append("', 'file-x', 'MULTIPART', ")
					.append(expiresAt.getEpochSecond())
					.append(')');
			}
			database.jdbc()
				.sql("INSERT INTO idempotency_key (owner, key, file_id, style, expires_at) VALUES " + rows)
				.update();
		}
	}

}
