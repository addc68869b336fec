package dev.stowage.sweep;

import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

import dev.stowage.database.QueryPlan;
import dev.stowage.database.TestDatabase;
import dev.stowage.file.FileId;
import dev.stowage.file.FileName;
import dev.stowage.file.FileQuery;
import dev.stowage.file.FileStatus;
import dev.stowage.file.ObjectKeys;
import dev.stowage.file.Purpose;
import dev.stowage.file.StoredFile;
import dev.stowage.file.UploadMethod;
import dev.stowage.owner.Owner;
import dev.stowage.storage.ObjectKey;
import dev.stowage.support.Rows;
import dev.stowage.upload.UploadRows;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Which indexes SQLite uses for the repositories' statements. */
class SqlitePlanTests {

	private static final Owner ALICE = new Owner("alice");

	private static final Owner BOB = new Owner("bob");

	private static final Instant NOW = Instant.ofEpochSecond(1_760_329_882);

	@TempDir
	private Path folder;

	private TestDatabase database;

	@BeforeEach
	void setUp() {
		this.database = TestDatabase.sqlite(this.folder);
	}

	@AfterEach
	void close() {
		this.database.close();
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

	@ParameterizedTest
	@CsvSource({ "true, true", "true, false", "false, true", "false, false" })
	void listsByPairsAlongTheirIndex(boolean newestFirst, boolean behindCursor) throws SQLException {
		fill();
		for (String pair : List.of("'all', 'x'", "'some', 'y'")) {
			this.database.jdbc()
				.sql("INSERT INTO file_pair (owner, position, file_id, name, value) SELECT owner, position, id, " + pair
						+ " FROM file")
				.update();
		}
		Optional<FileId> after = this.database.jdbc()
			.sql("SELECT id FROM file WHERE owner = 'alice' ORDER BY id LIMIT 1 OFFSET 50")
			.query(String.class)
			.optional()
			.map(FileId::new)
			.filter((id) -> behindCursor);
		String range = behindCursor ? (newestFirst ? " AND (position,file_id)<(?,?)" : " AND (position,file_id)>(?,?)")
				: "";
		String along = "SEARCH p USING PRIMARY KEY (owner=? AND name=? AND value=?" + range + ")";
		String byId = "SEARCH file USING INDEX file_by_owner (owner=? AND id=?)";
		FileQuery one = new FileQuery(Optional.empty(), after, 10, newestFirst, Map.of("all", "x"));
		assertThat(plansOf(one)).contains(List.of(along), List.of(byId));
		FileQuery two = new FileQuery(Optional.of(Purpose.EVALS), after, 10, newestFirst,
				Map.of("all", "x", "some", "y"));
		String other = "SEARCH o EXISTS USING PRIMARY KEY (owner=? AND name=? AND value=? AND position=? AND file_id=?)";
		assertThat(plansOf(two)).contains(List.of(along, other), List.of(byId));
	}

	private List<List<String>> plansOf(FileQuery query) throws SQLException {
		return QueryPlan.ofAll(this.database, "EXPLAIN QUERY PLAN", "detail",
				(rows) -> rows.files().list(ALICE, query, NOW));
	}

	@Test
	void removesPairsByTheirIndex() throws SQLException {
		fill();
		assertThat(this.database.jdbc()
			.sql("""
					EXPLAIN QUERY PLAN DELETE FROM file_pair WHERE owner = 'o' AND position = 1 AND file_id = 'i'
					AND (name, value) IN (SELECT key, value FROM json_each('{}'))""")
			.query((row, number) -> row.getString("detail"))
			.list())
			.anyMatch((step) -> step
				.startsWith("SEARCH file_pair USING PRIMARY KEY (owner=? AND name=? AND value=? AND position=?"));
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
			assertThat(planOf((rows) -> rows.sweeping().ownersOfFew(kind, NOW)))
				.containsExactly("SEARCH file USING INDEX file_to_sweep (sweep_at<?)");
			assertThat(planOf((rows) -> rows.sweeping().ownersDue(kind, "", NOW, 100)))
				.anyMatch((step) -> step.contains("file_to_sweep_by_owner (status=? AND owner>?)"))
				.anyMatch((step) -> step.contains(
						"file_to_sweep_by_owner (status=? AND (owner,sweep_at)>(?,?) AND (owner,sweep_at)<(?,?))"))
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
		UploadRows uploads = new UploadRows(this.database);
		FileId last = FileId.createdAt(NOW);
		for (int i = 0; i <= 200; i++) {
			last = FileId.createdAt(NOW.plusMillis(i));
			Owner owner = (i % 2 == 0) ? ALICE : BOB;
			ObjectKey key = ObjectKeys.upload(last);
			uploads.addMultipart(last, owner, NOW, key, NOW.plusSeconds(60));
			uploads.completeMultipart(new StoredFile(last, owner, UploadMethod.MULTIPART, FileStatus.AVAILABLE,
					(i % 3 == 0) ? Purpose.EVALS : Purpose.VISION, FileName.NONE, "text/plain", 7, NOW,
					Optional.empty(), key, OptionalLong.of(9)));
		}
		return last;
	}

	private List<String> planOf(Consumer<Rows> query) throws SQLException {
		return QueryPlan.of(this.database, "EXPLAIN QUERY PLAN", "detail", query);
	}

}
