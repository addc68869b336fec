package dev.stowage.command;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

import dev.stowage.file.FileId;
import dev.stowage.storage.s3.TestBucket;
import dev.stowage.support.Caller;
import dev.stowage.support.CommandLineRun;
import dev.stowage.support.Form;
import dev.stowage.support.Leftovers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What {@code check} finds and repairs beside a running server. Each difference is made
 * for real, on the disk of the engine or in the table. Subclasses start the server.
 */
abstract class CheckCommandContract {

	/** A caller of the server. */
	abstract Caller alice();

	/** The settings of the server, as system properties. */
	abstract Map<String, String> settings();

	/** The engine's folder of the bucket. */
	abstract Path objects();

	abstract TestBucket bucket();

	abstract JdbcClient database();

	@AfterEach
	void removeEverything() throws IOException {
		database().sql("DELETE FROM file").update();
		database().sql("DELETE FROM upload_part").update();
		// files of one test change their owner, which no server does
		database().sql("DELETE FROM owner_usage").update();
		bucket().keys().forEach(bucket()::remove);
		bucket().abortOpenUploads();
	}

	@Test
	void findsNothingInWhatTheServerKeeps() {
		upload("one");
		upload("three");
		CommandLineRun run = check("--read", "--repair");
		assertThat(run.results()).isEqualTo("Checked 2 files and 2 objects: 0 differences, 0 repaired; read 8 bytes\n");
		assertThat(run.errors()).isEmpty();
		assertThat(run.code()).isZero();
	}

	@Test
	void namesFilesWhoseObjectIsMissingOrHasAnotherSize() throws IOException {
		String missing = upload("missing");
		String cut = upload("truncated");
		upload("whole");
		Files.delete(object(missing));
		Files.write(object(cut), new byte[3]);
		CommandLineRun run = check("--repair");
		assertThat(run.results().lines()).containsExactlyInAnyOrder(
				"no object: %s of alice: files/%s of 7 bytes is missing".formatted(missing, missing),
				"wrong size: %s of alice: files/%s has 3 bytes, not 9".formatted(cut, cut),
				"Checked 3 files and 2 objects: 2 differences, 0 repaired");
		assertThat(run.code()).isEqualTo(1);
		assertThat(rows()).isEqualTo(3);
	}

	@Test
	void findsAnotherByteOnlyWhenItReads() throws IOException {
		String flipped = upload("flipped");
		byte[] bytes = Files.readAllBytes(object(flipped));
		bytes[2] ^= 1;
		Files.write(object(flipped), bytes);
		assertThat(check().code()).isZero();
		CommandLineRun run = check("--read");
		assertThat(run.results())
			.containsPattern("wrong bytes: " + flipped + " of alice: files/" + flipped
					+ " has the CRC-32C [0-9a-f]{8}, not [0-9a-f]{8}\n")
			.contains("Checked 1 files and 1 objects: 1 differences; read 7 bytes");
		assertThat(run.code()).isEqualTo(1);
	}

	@Test
	void removesOnlyOldObjectsThatNoRowNames() throws IOException {
		String file = upload("kept");
		List<String> unnamed = Stream.of("files/%s", "files/%s.2", "staging/%s", "staging/%s.7")
			.map((form) -> form.formatted(FileId.createdAt(Instant.now())))
			.toList();
		// the file's row names none of these
		List<String> remains = List.of("files/" + file + ".1", "staging/" + file + ".3");
		for (String key : Stream.concat(unnamed.stream(), remains.stream()).toList()) {
			bucket().replace(key, new byte[5]);
		}
		bucket().replace("files/notes.txt", new byte[4]);
		age(objects().resolve("files/notes.txt"));
		CommandLineRun young = check("--repair");
		assertThat(young.results().lines().filter((line) -> line.startsWith("no row: "))).hasSize(6)
			.allSatisfy(
					(line) -> assertThat(line).contains(" of 5 bytes, written at ").endsWith(", younger than a day"));
		assertThat(young.results()).contains("foreign: files/notes.txt of 4 bytes");
		assertThat(young.code()).isEqualTo(1);
		assertThat(bucket().keys()).containsAll(unnamed).containsAll(remains);
		for (String key : Stream.concat(unnamed.stream(), remains.stream()).toList()) {
			age(objects().resolve(key));
		}
		assertThat(check().results().lines().filter((line) -> line.startsWith("no row: "))).hasSize(6)
			.noneMatch((line) -> line.endsWith("removed") || line.endsWith("younger than a day"));
		CommandLineRun old = check("--repair");
		assertThat(old.results().lines().filter((line) -> line.startsWith("no row: "))).hasSize(6)
			.allMatch((line) -> line.endsWith(", removed"));
		assertThat(old.results()).contains("7 differences, 6 repaired");
		assertThat(old.code()).as("the foreign object remains").isEqualTo(1);
		assertThat(bucket().keys()).containsExactlyInAnyOrder("files/" + file, "files/notes.txt");
		bucket().remove("files/notes.txt");
		assertThat(check("--repair").code()).isZero();
	}

	@Test
	void abortsOnlyOldUploadsThatNoRowNames() throws IOException {
		String file = upload("kept");
		String unnamed = "files/" + FileId.createdAt(Instant.now());
		String ofAvailable = "files/" + file + ".1";
		bucket().beginUpload(unnamed);
		bucket().beginUpload(ofAvailable);
		CommandLineRun young = check("--repair");
		assertThat(young.results()).contains("open upload: " + unnamed + ", begun at ").contains("younger than a day");
		assertThat(bucket().openUploads()).contains(unnamed, ofAvailable);
		try (Stream<Path> notes = Files.walk(objects())) {
			notes.filter((path) -> path.toString().contains("mpu")).forEach(CheckCommandContract::age);
		}
		CommandLineRun old = check("--repair");
		assertThat(old.results()).contains("open upload: " + unnamed, "open upload: " + ofAvailable, "2 repaired");
		assertThat(old.code()).isZero();
		assertThat(bucket().openUploads()).isEmpty();
	}

	@Test
	void countsAgainWhatIsNotWhatTheRowsSay() {
		upload("kept");
		miscount(2, 30);
		database().sql("INSERT INTO owner_usage (owner, stripe, files, bytes) VALUES ('zoe', 0, 1, 5)").update();
		CommandLineRun run = check();
		assertThat(run.results()).isEqualTo("""
				wrong usage: alice: counted are 3 files with 34 bytes, not 1 with 4
				wrong usage: zoe: counted are 1 files with 5 bytes, not 0 with 0
				Checked 1 files and 1 objects: 2 differences
				""");
		assertThat(run.code()).isEqualTo(1);
		CommandLineRun repair = check("--repair");
		assertThat(repair.results()).contains("not 1 with 4, corrected\n", "not 0 with 0, corrected\n", "2 repaired");
		assertThat(repair.code()).isZero();
		Leftovers.requireCounted(database());
		assertThat(check().results()).isEqualTo("Checked 1 files and 1 objects: 0 differences\n");
	}

	@Test
	void countsAgainWhileFilesComeAndGo() {
		upload("first");
		AtomicBoolean isDone = new AtomicBoolean();
		CompletableFuture<Integer> client = CompletableFuture.supplyAsync(() -> {
			int passed = 0;
			for (; !isDone.get(); passed++) {
				assertThat(alice().delete("/v1/files/" + upload("passing")).status()).isEqualTo(200);
			}
			return passed;
		});
		try {
			for (int round = 1; round <= 5; round++) {
				miscount(round, -7);
				assertThat(check("--repair").results()).containsOnlyOnce("wrong usage").contains(", corrected");
				Leftovers.requireCounted(database());
			}
		}
		finally {
			isDone.set(true);
		}
		assertThat(client.join()).isGreaterThan(5);
	}

	/** Counts for Alice what she has not. */
	private void miscount(long files, long bytes) {
		database().sql("""
				UPDATE owner_usage SET files = files + :files, bytes = bytes + :bytes
				WHERE owner = 'alice' AND stripe = (SELECT min(stripe) FROM owner_usage WHERE owner = 'alice')""")
			.param("files", files)
			.param("bytes", bytes)
			.update();
	}

	@Test
	void leavesWhatPendingUploadsNeed() throws IOException {
		String grant = alice().post("/v1/files", "{\"purpose\":\"batch\",\"filename\":\"a.jsonl\",\"bytes\":3}")
			.text("id");
		bucket().replace("staging/" + grant, new byte[3]);
		age(objects().resolve("staging/" + grant));
		String upload = alice()
			.post("/v1/uploads",
					"{\"purpose\":\"batch\",\"filename\":\"b\",\"bytes\":9,\"mime_type\":\"application/jsonl\"}")
			.text("id");
		alice().form("/v1/uploads/" + upload + "/parts", new Form().part("form-data; name=\"data\"; filename=\"data\"",
				"{\"a\":1}\n\n".getBytes(StandardCharsets.UTF_8)));
		String part = "staging/" + upload.replace("upload_", "file-") + ".1";
		assertThat(bucket().keys()).contains(part);
		age(objects().resolve(part));
		assertThat(check("--repair").results()).endsWith("0 differences, 0 repaired\n");
		assertThat(bucket().keys()).contains("staging/" + grant, part);
		bucket().remove(part);
		assertThat(check().results()).contains("no part: " + upload.replace("upload_", "file-") + " of alice: " + part);
	}

	@Test
	void namesRowsThatTheSweeperShouldHaveRemoved() {
		String file = upload("due");
		long due = Instant.now().minus(Duration.ofDays(2)).getEpochSecond();
		database().sql("UPDATE file SET status = 'DELETING', sweep_at = ?").param(due).update();
		CommandLineRun run = check();
		assertThat(run.results()).contains("overdue: " + file + " of alice: DELETING, due since ");
		assertThat(run.code()).isEqualTo(1);
	}

	@Test
	void walksThroughMoreThanOnePage() {
		for (int i = 0; i < 2; i++) {
			upload("page");
		}
		database()
			.sql("""
					INSERT INTO file (id, owner, style, status, purpose, filename, bytes, created_at, object_key, copies)
					WITH RECURSIVE number (i) AS (SELECT 1000001 UNION ALL SELECT i + 1 FROM number WHERE i < 1001100)
					SELECT 'file-000000000000000000000' || CAST(i AS TEXT), 'bob', 'MULTIPART', 'AVAILABLE', 'batch', 'x', 0, 1,
						'files/file-000000000000000000000' || CAST(i AS TEXT), 0 FROM number""")
			.update();
		assertThat(check().results()).isEqualTo("Checked 1102 files and 2 objects: 0 differences\n");
	}

	@Test
	void listsOwnersWithTheirFilesAndBytes() {
		upload("four");
		upload("seven..");
		database()
			.sql("UPDATE file SET owner = 'a' || char(10) || 'b' WHERE bytes = 4".replace("char(10)",
					isSqlite() ? "char(10)" : "chr(10)"))
			.update();
		CommandLineRun run = RunHere.command(settings(), "owners", "list");
		assertThat(run.results()).isEqualTo("""
				     FILES             BYTES  OWNER
				         1                 4  a?b
				         1                 7  alice
				""");
		assertThat(run.errors()).isEmpty();
		assertThat(run.code()).isZero();
	}

	@Test
	void showsAndSetsWhatAnOwnerMayHave() {
		CommandLineRun set = RunHere.command(settings(), "owners", "quota", "acme", "--max-bytes", "1KB", "--max-files",
				"1");
		assertThat(set.errors()).isEmpty();
		assertThat(set.code()).isZero();
		assertThat(set.results()).isEqualTo("""
				                             HAS              MAY HAVE
				files                          0                     1
				bytes                          0                  1024
				in a file                                   any number
				""");
		assertThat(RunHere.command(settings(), "owners", "quota", "acme", "--max-files", "usual").results())
			.contains("any number\nbytes                          0                  1024\n");
		upload("x");
		CommandLineRun other = RunHere.command(settings(), "owners", "quota", "alice");
		assertThat(other.code()).isZero();
		assertThat(other.results()).contains("            any number\nbytes ").doesNotContain("1024");
	}

	abstract boolean isSqlite();

	final CommandLineRun check(String... options) {
		return RunHere.command(settings(),
				Stream.concat(Stream.of("check"), Stream.of(options)).toArray(String[]::new));
	}

	final String upload(String content) {
		return alice().uploaded("user_data", "a.txt", content);
	}

	private long rows() {
		return database().sql("SELECT count(*) FROM file").query(Long.class).single();
	}

	private Path object(String id) {
		return objects().resolve("files").resolve(id);
	}

	private static void age(Path path) {
		try {
			Files.setLastModifiedTime(path, FileTime.from(Instant.now().minus(Duration.ofHours(25))));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
