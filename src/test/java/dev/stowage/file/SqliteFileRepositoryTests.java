package dev.stowage.file;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/** {@link FileRepository} in SQLite, and by which index it finds what. */
class SqliteFileRepositoryTests extends FileRepositoryContract {

	@TempDir
	private Path folder;

	private TestDatabase database;

	@Override
	TestDatabase database() {
		return this.database;
	}

	@BeforeEach
	@Override
	void setUp() {
		this.database = TestDatabase.sqlite(this.folder);
		super.setUp();
	}

	@AfterEach
	void close() {
		this.database.close();
	}

	@Test
	void writesAheadAndWaitsForItsTurn() {
		assertThat(this.database.jdbc().sql("PRAGMA journal_mode").query(String.class).single()).isEqualTo("wal");
		assertThat(this.database.jdbc().sql("PRAGMA synchronous").query(Integer.class).single()).isEqualTo(2);
		assertThat(this.database.jdbc().sql("PRAGMA busy_timeout").query(Integer.class).single()).isEqualTo(10_000);
	}

	@ParameterizedTest
	@CsvSource({ "true, true", "true, false", "false, true", "false, false" })
	void listsAlongAnIndexWithoutSorting(boolean newestFirst, boolean behindCursor) throws SQLException {
		FileId cursor = fill();
		Optional<FileId> after = Optional.of(cursor).filter((id) -> behindCursor);
		String range = behindCursor ? (newestFirst ? " AND (position,id)<(?,?)" : " AND (position,id)>(?,?)") : "";
		assertThat(planOf(
				(rows) -> rows.files().list(ALICE, new FileQuery(Optional.empty(), after, 10, newestFirst), NOW)))
			.containsExactly("SEARCH file USING INDEX file_in_order (owner=?" + range + ")");
		assertThat(planOf((rows) -> rows.files()
			.list(ALICE, new FileQuery(Optional.of(Purpose.EVALS), after, 10, newestFirst), NOW)))
			.containsExactly("SEARCH file USING INDEX file_in_order_by_purpose (owner=? AND purpose=?" + range + ")");
	}

	@Test
	void findsThePlaceOfACursorByIndexes() throws SQLException {
		fill();
		FileQuery behindNone = new FileQuery(Optional.empty(), Optional.of(FileId.createdAt(NOW)), 10, true);
		List<List<String>> plans = QueryPlan.ofAll(this.database, "EXPLAIN QUERY PLAN", "detail",
				(rows) -> rows.files().list(ALICE, behindNone, NOW));
		assertThat(plans).hasSize(4)
			.allSatisfy((plan) -> assertThat(plan).noneMatch((step) -> step.startsWith("SCAN"))
				.noneMatch((step) -> step.contains("B-TREE FOR ORDER BY")));
	}

	@Test
	void claimsAlongAnIndexWithoutSorting() throws SQLException {
		fill();
		for (FileStatus kind : FileStatus.values()) {
			assertThat(planOf((rows) -> rows.sweeping().ownersDue(kind, "", NOW, 100)))
				.anyMatch((step) -> step.contains("file_to_sweep_by_owner (status=? AND owner>?)"))
				.anyMatch((step) -> step.contains("file_to_sweep_by_owner (status=? AND owner=? AND sweep_at>?)"))
				.noneMatch((step) -> step.startsWith("SCAN file"))
				.noneMatch((step) -> step.contains("B-TREE"));
			assertThat(planOf(
					(rows) -> rows.sweeping().claim(kind, List.of("alice", "bob"), NOW, NOW.plusSeconds(120), 100)))
				.anyMatch((step) -> step.contains("file_to_sweep_by_owner (status=? AND (owner,sweep_at)"))
				.noneMatch((step) -> step.startsWith("SCAN file"))
				.noneMatch((step) -> step.contains("B-TREE"));
		}
		assertThat(planOf((rows) -> rows.sweeping().claimAgain(true, NOW, NOW.plusSeconds(120), 100)))
			.anyMatch((step) -> step.contains("INDEX file_to_sweep_again (sweep_at<?)"))
			.noneMatch((step) -> step.startsWith("SCAN file"))
			.noneMatch((step) -> step.contains("B-TREE"));
	}

	private FileId fill() {
		FileId last = available(ALICE, Purpose.EVALS).id();
		for (int i = 0; i < 200; i++) {
			last = available((i % 2 == 0) ? ALICE : BOB, (i % 3 == 0) ? Purpose.EVALS : Purpose.VISION).id();
		}
		return last;
	}

	private List<String> planOf(Consumer<Repositories> query) throws SQLException {
		return QueryPlan.of(this.database, "EXPLAIN QUERY PLAN", "detail", query);
	}

}
