package dev.stowage.file;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import dev.stowage.database.TestDatabase;
import dev.stowage.owner.Owner;
import dev.stowage.upload.UploadRows;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Readers page while files are added and removed: no remaining file is skipped or
 * repeated.
 */
class PagingUnderChangeTests {

	private static final Owner ALICE = new Owner("alice");

	private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");

	private static final int STAYING = 300;

	private static final int CHANGES = 1_000;

	private static final int WRITERS = 8;

	@TempDir
	private Path folder;

	@Test
	void isHonestInSqlite() throws Exception {
		try (TestDatabase database = TestDatabase.sqlite(this.folder)) {
			assertHonest(database);
		}
	}

	@Test
	void isHonestInPostgres() throws Exception {
		try (EmbeddedPostgres server = start();
				TestDatabase database = TestDatabase.postgres(server.getJdbcUrl("postgres", "postgres"))) {
			assertHonest(database);
		}
	}

	@Test
	void meetsEveryFileThatIsFinishedWhileItReadsOnInSqlite() throws Exception {
		try (TestDatabase database = TestDatabase.sqlite(this.folder)) {
			assertMeetsAll(database);
		}
	}

	/** Commits take between nothing and 10 ms, so they end in another order. */
	@Test
	void meetsEveryFileThatIsFinishedWhileItReadsOnInPostgres() throws Exception {
		try (EmbeddedPostgres server = start();
				TestDatabase database = TestDatabase.postgres(server.getJdbcUrl("postgres", "postgres"))) {
			database.jdbc().sql("""
					CREATE FUNCTION linger() RETURNS trigger LANGUAGE plpgsql AS $$
					BEGIN
						PERFORM pg_sleep(random() * 0.01);
						RETURN NULL;
					END $$""").update();
			database.jdbc().sql("""
					CREATE CONSTRAINT TRIGGER slow_commit AFTER UPDATE OF status ON file
					DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION linger()""").update();
			assertMeetsAll(database);
		}
	}

	private static void assertMeetsAll(TestDatabase database) throws Exception {
		FileRows files = new FileRows(database);
		UploadRows uploads = new UploadRows(database);
		AtomicInteger begun = new AtomicInteger();
		AtomicInteger writing = new AtomicInteger(WRITERS);
		Set<FileId> finished = ConcurrentHashMap.newKeySet();
		List<FileId> met = new ArrayList<>();
		try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
			List<Future<?>> writers = new ArrayList<>();
			for (int i = 0; i < WRITERS; i++) {
				writers.add(executor.submit(() -> {
					try {
						while (begun.getAndIncrement() < CHANGES) {
							finished.add(add(uploads, begun.get() % 100));
						}
					}
					finally {
						writing.decrementAndGet();
					}
				}));
			}
			boolean again;
			do {
				again = writing.get() > 0;
				Set<FileId> before = Set.copyOf(finished);
				List<StoredFile> page = files.list(ALICE, new FileQuery(Optional.empty(),
						met.isEmpty() ? Optional.empty() : Optional.of(met.getLast()), 10_000, false), NOW);
				page.stream().map(StoredFile::id).forEach(met::add);
				assertThat(met).as("what was acknowledged before").containsAll(before);
			}
			while (again);
			for (Future<?> writer : writers) {
				writer.get();
			}
		}
		assertThat(met).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(finished).hasSize(CHANGES);
	}

	private static EmbeddedPostgres start() throws IOException {
		return EmbeddedPostgres.start();
	}

	private static void assertHonest(TestDatabase database) throws Exception {
		FileRows files = new FileRows(database);
		UploadRows uploads = new UploadRows(database);
		List<FileId> staying = new ArrayList<>();
		ArrayDeque<FileId> leaving = new ArrayDeque<>();
		for (int i = 0; i < STAYING; i++) {
			staying.add(add(uploads, i));
			leaving.add(add(uploads, i));
		}
		AtomicBoolean changing = new AtomicBoolean(true);
		try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
			List<Future<Integer>> readers = IntStream.of(7, 20, 101)
				.mapToObj((limit) -> executor.submit(() -> readWhile(changing, files, limit, staying)))
				.toList();
			try {
				for (int i = 0; i < CHANGES; i++) {
					// before, between and after those that remain
					leaving.addFirst(add(uploads, (i * 7) % (STAYING + 50)));
					files.delete(ALICE, (i % 2 == 0) ? leaving.removeFirst() : leaving.removeLast(), NOW);
				}
			}
			finally {
				changing.set(false);
			}
			for (Future<Integer> reader : readers) {
				assertThat(reader.get()).as("passes").isGreaterThanOrEqualTo(2);
			}
		}
	}

	/** Reads all pages in both orders, repeatedly, and again at the end. */
	private static int readWhile(AtomicBoolean changing, FileRows files, int limit, List<FileId> staying) {
		int passes = 0;
		boolean again;
		do {
			again = changing.get();
			for (boolean newestFirst : new boolean[] { true, false }) {
				List<FileId> seen = readAll(files, limit, newestFirst);
				assertThat(seen).doesNotHaveDuplicates();
				assertThat(seen).filteredOn(staying::contains).isEqualTo(newestFirst ? staying.reversed() : staying);
				passes++;
			}
		}
		while (again);
		return passes;
	}

	private static List<FileId> readAll(FileRows files, int limit, boolean newestFirst) {
		List<FileId> seen = new ArrayList<>();
		Optional<FileId> after = Optional.empty();
		boolean more = true;
		while (more) {
			List<StoredFile> found = files.list(ALICE, new FileQuery(Optional.empty(), after, limit, newestFirst), NOW);
			more = found.size() > limit;
			found.stream().limit(limit).map(StoredFile::id).forEach(seen::add);
			after = seen.isEmpty() ? Optional.empty() : Optional.of(seen.getLast());
		}
		return seen;
	}

	private static FileId add(UploadRows uploads, int second) {
		FileId id = FileId.createdAt(NOW.minus(Duration.ofDays(1)).plusSeconds(second));
		uploads.addMultipart(id, ALICE, NOW, ObjectKeys.upload(id), NOW.plusSeconds(60));
		uploads.completeMultipart(new StoredFile(id, ALICE, UploadMethod.MULTIPART, FileStatus.AVAILABLE,
				Purpose.VISION, new FileName("a.png"), "image/png", 1, NOW, Optional.empty(), ObjectKeys.upload(id),
				OptionalLong.empty()));
		return id;
	}

}
