package dev.stowage.upload;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

import dev.stowage.database.TestDatabase;
import dev.stowage.file.Purpose;
import dev.stowage.storage.FailingObjectStore;
import dev.stowage.storage.s3.TestStore;
import dev.stowage.support.FileWorld;
import dev.stowage.support.Together;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** How often the databases commit for an upload, as they count it. */
class UploadCommitsTests {

	/** See the SQLite file format, "WAL File Format". */
	private static final int WAL_HEADER = 32;

	private static final int FRAME_HEADER = 24;

	private static final int PAGE_SIZE = 4096;

	@TempDir
	static Path objects;

	private static TestStore engine;

	@TempDir
	Path folder;

	private FileWorld world;

	@BeforeAll
	static void start() {
		engine = TestStore.embedded(objects);
	}

	@AfterAll
	static void stop() throws IOException {
		engine.close();
	}

	@BeforeEach
	void setUp() {
		this.world = new FileWorld(TestDatabase.sqlite(this.folder), engine, Map.of(),
				new FailingObjectStore(engine.store()));
	}

	@AfterEach
	void close() {
		this.world.close();
		engine.clear();
	}

	@Test
	void commitsTwiceAFileInSqlite() throws IOException {
		long before = commitsInLog();
		this.world.upload(FileWorld.JSON);
		assertThat(commitsInLog() - before).isEqualTo(2);
	}

	@Test
	void commitsNoMoreThanTwiceAFileInSqliteWhenManyComeAtOnce() throws Exception {
		long before = commitsInLog();
		Together.run(16, () -> this.world.upload(FileWorld.JSON));
		assertThat(this.world.listed()).hasSize(16);
		assertThat(commitsInLog() - before).isBetween(2L, 32L);
	}

	@Test
	void commitsOnceAGrantInSqlite() throws IOException {
		long before = commitsInLog();
		this.world.grant();
		assertThat(commitsInLog() - before).isEqualTo(1);
	}

	@Test
	void commitsNoMoreForAKeyInSqlite() throws IOException {
		Optional<IdempotencyKey> key = Optional.of(new IdempotencyKey("k"));
		long before = commitsInLog();
		this.world.service.upload(FileWorld.ALICE, key, () -> new FileWorld.Upload(FileWorld.JSON));
		assertThat(commitsInLog() - before).isEqualTo(2);
		this.world.service.upload(FileWorld.ALICE, key, () -> new FileWorld.Upload(FileWorld.JSON));
		assertThat(commitsInLog() - before).isEqualTo(2);
		this.world.service.grant(FileWorld.ALICE, Optional.of(new IdempotencyKey("g")), "a.json", Purpose.CONTEXT,
				OptionalLong.empty(), Optional.empty());
		assertThat(commitsInLog() - before).isEqualTo(3);
	}

	@Test
	void commitsNoMoreForAKeyInPostgres() throws IOException {
		try (EmbeddedPostgres server = EmbeddedPostgres.start();
				TestDatabase database = TestDatabase.postgres(server.getJdbcUrl("postgres", "postgres"))) {
			FileService service = this.world.serviceOver(database);
			leaveOutUsage(database);
			long before = nextTransaction(database);
			service.upload(FileWorld.ALICE, Optional.of(new IdempotencyKey("k")),
					() -> new FileWorld.Upload(FileWorld.JSON));
			assertThat(nextTransaction(database) - before - 1).isEqualTo(2);
		}
	}

	@Test
	void commitsTwiceAFileInPostgres() throws IOException {
		try (EmbeddedPostgres server = EmbeddedPostgres.start();
				TestDatabase database = TestDatabase.postgres(server.getJdbcUrl("postgres", "postgres"))) {
			FileService service = this.world.serviceOver(database);
			leaveOutUsage(database);
			long before = nextTransaction(database);
			service.upload(FileWorld.ALICE, Optional.empty(), () -> new FileWorld.Upload(FileWorld.JSON));
			assertThat(nextTransaction(database) - before - 1).isEqualTo(2);
		}
	}

	/** What counts usage may undo a part of a transaction, which has a number, too. */
	private static void leaveOutUsage(TestDatabase database) {
		database.jdbc().sql("ALTER TABLE file DISABLE TRIGGER file_counts").update();
	}

	/** PostgreSQL numbers the transactions that write, including this one. */
	private static long nextTransaction(TestDatabase database) {
		return database.jdbc().sql("SELECT pg_current_xact_id()::text::bigint").query(Long.class).single();
	}

	/** Frames whose header gives the database's size end a commit. */
	private long commitsInLog() throws IOException {
		ByteBuffer log = ByteBuffer.wrap(Files.readAllBytes(this.folder.resolve("stowage.db-wal")));
		long commits = 0;
		for (int frame = WAL_HEADER; frame < log.limit(); frame += FRAME_HEADER + PAGE_SIZE) {
			if (log.getInt(frame + 4) != 0) {
				commits++;
			}
		}
		return commits;
	}

}
