package dev.stowage.sweep;

import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

import dev.stowage.database.QueryPlan;
import dev.stowage.database.TestDatabase;
import dev.stowage.file.FileId;
import dev.stowage.file.FileQuery;
import dev.stowage.file.FileStatus;
import dev.stowage.file.Purpose;
import dev.stowage.owner.Owner;
import dev.stowage.support.Rows;
import dev.stowage.support.TestPostgres;
import org.assertj.core.api.Condition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Which indexes PostgreSQL uses for the repositories' statements. */
class PostgresPlanTests {

	private static final int ROWS = 100_000;

	private static final Instant NOW = Instant.ofEpochSecond(1_760_329_882);

	private static TestDatabase database;

	@BeforeAll
	static void start() {
		database = TestDatabase.postgres(TestPostgres.sorting());
		empty();
	}

	@AfterAll
	static void stop() {
		empty();
		database.close();
	}

	/** Tests of other classes have the same database. */
	private static void empty() {
		database.jdbc().sql("TRUNCATE file, file_pair, removed_file").update();
	}

	@Test
	void findsAllByAnIndexWithoutSorting() throws SQLException {
		// counting each of them in the same transaction would take minutes
		database.jdbc().sql("ALTER TABLE file DISABLE TRIGGER file_counts").update();
		database.jdbc().sql("""
				INSERT INTO file (id, owner, style, status, purpose, filename, bytes, created_at, expires_at,
					object_key, copies, sweep_at)
				SELECT 'file-' || lpad(n::text, 30, '0'), 'owner' || n % 3, 'MULTIPART',
					CASE WHEN n % 100 = 0 THEN 'DELETING' ELSE 'AVAILABLE' END,
					(ARRAY['BATCH', 'VISION', 'EVALS'])[n % 5 % 3 + 1], 'a', 1, 0, 4000000000, 'files/' || n, 0,
					CASE WHEN n % 2 = 0 THEN 1700000000 + n END
				FROM generate_series(1, :rows) n""").param("rows", ROWS).update();
		database.jdbc().sql("ALTER TABLE file ENABLE TRIGGER file_counts").update();
		database.jdbc().sql("ANALYZE file").update();
		Owner owner = new Owner("owner1");
		FileId id = new FileId("file-%030d".formatted(ROWS / 2));
		for (boolean newestFirst : new boolean[] { true, false }) {
			for (Optional<FileId> after : List.of(Optional.<FileId>empty(), Optional.of(id))) {
				assertThat(planOf((rows) -> rows.files()
					.list(owner, new FileQuery(Optional.empty(), after, 100, newestFirst), NOW)))
					.is(anIndexScan("file_in_order"));
				assertThat(planOf((rows) -> rows.files()
					.list(owner, new FileQuery(Optional.of(Purpose.EVALS), after, 100, newestFirst), NOW)))
					.is(anIndexScan("file_in_order_by_purpose"));
			}
		}
		listsByPairsAlongTheirIndex();
		for (FileStatus kind : FileStatus.values()) {
			assertThat(planOf((rows) -> rows.sweeping().ownersOfFew(kind, NOW))).is(anIndexScan("file_to_sweep on"));
			assertThat(planOf((rows) -> rows.sweeping().ownersDue(kind, "", NOW, 100)))
				.is(anIndexScan("file_to_sweep_by_owner"));
			assertThat(planOf((rows) -> rows.sweeping()
				.claim(kind, List.of("owner0", "owner1", "owner2"), NOW, NOW.plusSeconds(120), 100)))
				.is(anIndexScan("file_to_sweep_by_owner"))
				.anyMatch((step) -> step.contains("file_by_id"));
		}
		assertThat(planOf((rows) -> rows.sweeping().claimAgain(true, NOW, NOW.plusSeconds(120), 500)))
			.is(anIndexScan("file_to_sweep_again"));
		assertThat(planOf((rows) -> rows.files().find(owner, id, NOW))).is(anIndexScan("file_by_id"));
		assertThat(planOf((rows) -> rows.files().delete(owner, id, NOW))).is(anIndexScan("file_by_id"));
		assertThat(planOf((rows) -> rows.uploads().renew(Set.of(id), NOW))).is(anIndexScan("file_by_id"));
	}

	/** Each is written with every file, and is a tenth of its bytes. */
	@Test
	void hasNoIndexThatNothingUses() {
		assertThat(database.jdbc()
			.sql("SELECT indexname FROM pg_indexes WHERE tablename = 'file'")
			.query(String.class)
			.list()).containsExactlyInAnyOrder("file_by_id", "file_by_owner", "file_in_order",
					"file_in_order_by_purpose", "file_pending", "file_to_sweep", "file_to_sweep_again",
					"file_to_sweep_by_owner");
	}

	/** All files of an owner have one pair, and one of 1,000 has the other. */
	private static void listsByPairsAlongTheirIndex() throws SQLException {
		for (String pair : List.of("'all', 'x' FROM file", "'some', 'y' FROM file WHERE id LIKE '%000'")) {
			database.jdbc()
				// positions that have settled
				.sql("INSERT INTO file_pair (position, file_id, owner, name, value)"
						+ " SELECT CAST(substr(id, 6) AS BIGINT) - :rows, id, owner, " + pair)
				.param("rows", ROWS)
				.update();
		}
		database.jdbc().sql("ANALYZE file_pair").update();
		for (Map<String, String> said : List.of(Map.of("all", "x"), Map.of("some", "y"),
				Map.of("all", "x", "some", "y"))) {
			for (boolean newestFirst : new boolean[] { true, false }) {
				FileQuery query = new FileQuery(Optional.empty(), Optional.empty(), 100, newestFirst, said);
				List<List<String>> plans = QueryPlan.ofAll(database, "EXPLAIN", "QUERY PLAN",
						(rows) -> rows.files().list(new Owner("owner1"), query, NOW));
				assertThat(plans).filteredOn((plan) -> plan.toString().contains("file_pair"))
					.isNotEmpty()
					.allSatisfy((plan) -> assertThat(plan).is(anIndexScan("file_pair_pkey")));
				assertThat(plans).filteredOn((plan) -> plan.toString().contains(" on file "))
					.isNotEmpty()
					.allSatisfy((plan) -> assertThat(plan).noneMatch((step) -> step.contains("Seq Scan")));
			}
		}
	}

	private static List<String> planOf(Consumer<Rows> query) throws SQLException {
		return QueryPlan.of(database, "EXPLAIN", "QUERY PLAN", query);
	}

	private static Condition<List<? extends String>> anIndexScan(String index) {
		return new Condition<>((plan) -> {
			String steps = String.join("\n", plan);
			return steps.contains("using " + index) && !steps.contains("Seq Scan") && !steps.contains("Sort");
		}, "a scan of %s and no sorting", index);
	}

}
