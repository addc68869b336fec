package dev.stowage.database;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

import dev.stowage.file.FileId;
import dev.stowage.file.FileName;
import dev.stowage.file.FileQuery;
import dev.stowage.file.FileRows;
import dev.stowage.file.FileStatus;
import dev.stowage.file.ObjectKeys;
import dev.stowage.file.Purpose;
import dev.stowage.file.StoredFile;
import dev.stowage.file.UploadMethod;
import dev.stowage.keys.KeyRows;
import dev.stowage.keys.KnownKeys;
import dev.stowage.keys.ManagedKey;
import dev.stowage.owner.Owner;
import dev.stowage.support.Leftovers;
import dev.stowage.sweep.SweepRows;
import dev.stowage.upload.UploadRows;
import dev.stowage.upload.pending.PendingRows;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Dumps of databases with version 1 of the tables, with rows in every state, become
 * databases of this version that show the same files.
 */
class MigrationTests {

	private static final Owner ALICE = new Owner("alice");

	/** The time at which the dumps were made. */
	private static final Instant THEN = Instant.ofEpochSecond(1_790_000_020);

	private static final List<String> OLDEST_FIRST = ids("aaaaB0000000000000000000002", "aaaaZ0000000000000000000004",
			"aaaaa0000000000000000000001", "aaaab0000000000000000000003", "aaaaz0000000000000000000005",
			"aaac70000000000000000000013");

	@TempDir
	private Path folder;

	@Test
	void showsTheSameFilesInTheSameOrderInSqlite() throws IOException {
		load(JdbcClient.create(new DriverManagerDataSource("jdbc:sqlite:" + this.folder.resolve("stowage.db"))),
				"v1-sqlite.sql");
		try (TestDatabase database = TestDatabase.sqlite(this.folder)) {
			assertTheSame(database);
		}
	}

	@Test
	void showsTheSameFilesInTheSameOrderInPostgres() throws IOException {
		try (EmbeddedPostgres server = EmbeddedPostgres.start()) {
			load(JdbcClient.create(server.getPostgresDatabase()), "v1-postgresql.sql");
			try (TestDatabase database = TestDatabase.postgres(server.getJdbcUrl("postgres", "postgres"))) {
				assertTheSame(database);
			}
		}
	}

	private static void load(JdbcClient jdbc, String dump) throws IOException {
		String sql = new ClassPathResource("database/" + dump).getContentAsString(StandardCharsets.UTF_8);
		Arrays.stream(sql.split(";\n"))
			.filter((statement) -> isNeeded(statement.strip()))
			.forEach((statement) -> jdbc.sql(statement).update());
	}

	/** Each statement is a separate transaction here. */
	private static boolean isNeeded(String statement) {
		return !statement.isEmpty() && !statement.startsWith("PRAGMA") && !statement.startsWith("BEGIN TRANSACTION")
				&& !statement.startsWith("COMMIT");
	}

	/** The dumps have the hash of the word test. */
	private static void assertTheSameKey(TestDatabase database) {
		KnownKeys keys = KeyRows.of(database, Clock.fixed(THEN, ZoneOffset.UTC)).known();
		assertThat(keys.find("test", true)).get().returns(new Owner("default"), ManagedKey::owner);
		assertThat(keys.find("another", true)).isEmpty();
		assertThat(keys.find("test", false)).as("where keys are configured").isEmpty();
	}

	private static void assertTheSame(TestDatabase database) {
		assertTheSameKey(database);
		Leftovers.requireCounted(database.jdbc());
		assertThat(list(database, Optional.empty(), false)).isEqualTo(OLDEST_FIRST);
		assertThat(list(database, Optional.empty(), true)).isEqualTo(OLDEST_FIRST.reversed());
		for (int i = 0; i < OLDEST_FIRST.size(); i++) {
			Optional<FileId> cursor = Optional.of(new FileId(OLDEST_FIRST.get(i)));
			assertThat(list(database, cursor, false)).isEqualTo(OLDEST_FIRST.subList(i + 1, OLDEST_FIRST.size()));
			assertThat(list(database, cursor, true)).isEqualTo(OLDEST_FIRST.subList(0, i).reversed());
		}
		// the cursors of a reader may be files that are deleted, expired or pending
		for (String gone : ids("aaac00000000000000000000006", "aaac40000000000000000000010",
				"aaac50000000000000000000011", "aaac20000000000000000000008")) {
			assertThat(list(database, Optional.of(new FileId(gone)), false)).as(gone)
				.isEqualTo(OLDEST_FIRST.subList(5, 6));
			assertThat(list(database, Optional.of(new FileId(gone)), true)).as(gone)
				.isEqualTo(OLDEST_FIRST.subList(0, 5).reversed());
		}
		FileRows files = new FileRows(database);
		assertThat(ids("aaac10000000000000000000007", "aaac20000000000000000000008"))
			.allSatisfy((id) -> assertThat(files.find(ALICE, new FileId(id), THEN)).get()
				.returns(FileStatus.PENDING, StoredFile::status));
		assertThat(OLDEST_FIRST).allSatisfy((id) -> assertThat(files.find(ALICE, new FileId(id), THEN)).get()
			.satisfies((file) -> assertThat(file.contentType()).isEqualTo(
					(file.method() == UploadMethod.PRESIGNED) ? "application/json" : "application/octet-stream")));
		FileId trying = new FileId(ids("aaac20000000000000000000008").getFirst());
		assertThat(new PendingRows(database).nameCopy(trying, THEN)).hasValue(2);
		database.jdbc().sql("INSERT INTO events_wanted (one) VALUES (1)").update();
		completeAsVersion1Does(database, trying);
		assertThat(database.jdbc()
			.sql("SELECT type FROM event WHERE file_id = ?")
			.param(trying.value())
			.query(String.class)
			.list()).containsExactly("file.created");
		Leftovers.requireCounted(database.jdbc());
		FileId uploading = new FileId(ids("aaac30000000000000000000009").getFirst());
		assertThat(new UploadRows(database).completeMultipart(new StoredFile(uploading, ALICE, UploadMethod.MULTIPART,
				FileStatus.AVAILABLE, Purpose.EVALS, FileName.NONE, "text/plain", 1, THEN, Optional.empty(),
				ObjectKeys.upload(uploading), OptionalLong.empty())))
			.isTrue();
		assertThat(list(database, Optional.of(new FileId(OLDEST_FIRST.getLast())), false))
			.containsExactly(trying.value(), uploading.value());
		assertThat(new SweepRows(database).claimDue(Instant.ofEpochSecond(1_790_000_300)))
			.extracting((leftover) -> leftover.id().value())
			.containsExactlyInAnyOrderElementsOf(ids("aaaaZ0000000000000000000004", "aaac00000000000000000000006",
					"aaac20000000000000000000008", "aaac40000000000000000000010", "aaac50000000000000000000011",
					"aaac60000000000000000000012"));
		assertThat(database.rows()).isEqualTo(14);
		Leftovers.requireCounted(database.jdbc());
	}

	/** On PostgreSQL, a server of that version may run at the same time. */
	private static void completeAsVersion1Does(TestDatabase database, FileId id) {
		assertThat(database.jdbc()
			.sql("""
					UPDATE file SET status = 'AVAILABLE', bytes = :bytes, object_key = :key, sweep_at = :sweep
					WHERE id = :id AND status = 'PENDING'""")
			.param("id", id.value())
			.param("bytes", 1)
			.param("key", ObjectKeys.copy(id, 2).value())
			.param("sweep", THEN.getEpochSecond())
			.update()).isOne();
	}

	private static List<String> list(TestDatabase database, Optional<FileId> after, boolean newestFirst) {
		return new FileRows(database).list(ALICE, new FileQuery(Optional.empty(), after, 100, newestFirst), THEN)
			.stream()
			.map((file) -> file.id().value())
			.toList();
	}

	private static List<String> ids(String... ends) {
		return Arrays.stream(ends).map((end) -> "file-0V1" + end).toList();
	}

}
