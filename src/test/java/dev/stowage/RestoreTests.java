package dev.stowage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

import dev.stowage.support.Command;
import dev.stowage.support.Page;
import dev.stowage.support.SharedBacking;
import dev.stowage.support.Soon;
import dev.stowage.support.StowageServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.util.FileSystemUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** What the page on operations says about backups, restores and drills. */
@ExtendWith(OutputCaptureExtension.class)
class RestoreTests {

	private static final Duration LONG_ENOUGH = Duration.ofMinutes(8);

	@TempDir
	Path folder;

	@TempDir
	Path restored;

	/**
	 * Does what {@code sqlite3 stowage.db "VACUUM INTO 'copy.db'"} does while a server
	 * runs.
	 */
	private void backUpDatabase(StowageServer server) {
		JdbcClient.create(server.database()).sql("VACUUM INTO '" + this.restored.resolve("stowage.db") + "'").update();
	}

	@Test
	void bringsBackSqliteAndTheFolder() throws IOException {
		String multipart;
		String presigned;
		try (StowageServer server = StowageServer.start(this.folder)) {
			multipart = server.alice().uploaded("user_data", "a", "kept");
			presigned = server.alice().completed("a.json", "[1]");
			backUpDatabase(server);
			server.alice().uploaded("user_data", "b", "later");
			FileSystemUtils.copyRecursively(this.folder.resolve("objects"), this.restored.resolve("objects"));
			Files.copy(this.folder.resolve("embedded-s3.key"), this.restored.resolve("embedded-s3.key"));
		}
		try (StowageServer server = StowageServer.start(this.restored)) {
			assertThat(server.alice().get("/v1/files").ids()).containsExactly(presigned, multipart);
			assertThat(server.alice().get("/v1/files/" + multipart + "/content").body()).isEqualTo("kept");
			assertThat(server.alice()
				.get("/v1/files/" + presigned + "/content", "Accept", "application/octet-stream")
				.body()).isEqualTo("[1]");
		}
	}

	@Test
	void bringsBackWhatTheLinesOfThePageKeep() throws Exception {
		assumeTrue(System.getenv("CI") != null || Command.exists("sqlite3"), "SKIPPED: no sqlite3 to back up with");
		String kept;
		try (StowageServer server = StowageServer.start(this.folder.resolve("data"),
				"stowage.admin-key=" + StowageServer.ADMIN)) {
			kept = server.alice().uploaded("user_data", "a", "kept");
			new Page(Path.of("src/docs/operations.md")).run(this.folder, server);
			server.alice().uploaded("user_data", "b", "later");
		}
		try (StowageServer server = StowageServer.start(this.folder.resolve("backup"))) {
			assertThat(server.alice().get("/v1/files").ids()).containsExactly(kept);
			assertThat(server.alice().get("/v1/files/" + kept + "/content").body()).isEqualTo("kept");
		}
	}

	@Test
	void refusesADatabaseWhoseFilesAreElsewhere(CapturedOutput output) throws IOException {
		try (StowageServer server = StowageServer.start(this.folder)) {
			server.alice().uploaded("user_data", "a", "x");
			backUpDatabase(server);
		}
		assertThatException().isThrownBy(() -> StowageServer.start(this.restored));
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("The store does not hold the identity that this database gave it")
			.contains("STOWAGE_ADOPT_STORE=true");
	}

	@Test
	void isNoDrillBesideTheBucketOfProduction(CapturedOutput output) throws IOException {
		try (SharedBacking shared = new SharedBacking(this.folder)) {
			String[] bucket = shared.store().settings(new String[0]);
			try (StowageServer production = StowageServer.start(this.folder, bucket)) {
				production.alice().uploaded("user_data", "a", "x");
				backUpDatabase(production);
				assertThat(output)
					.contains("The objects are in a bucket, but the list of files is only in the data folder");
				production.clock().move(LONG_ENOUGH);
				production.tendBinding();
				assertThatException().isThrownBy(() -> StowageServer.start(this.restored, bucket));
				assertThat(output).contains("APPLICATION FAILED TO START")
					.contains(
							"was used with a later state of this database, so this database was restored or is a copy.");
			}
		}
	}

	/** Copies the database like a restored dump, but by PostgreSQL itself. */
	@Test
	@SuppressWarnings("try")
	void isNoDrillOnPostgresEitherUntilProductionHasEnded(CapturedOutput output) throws IOException {
		try (SharedBacking shared = new SharedBacking(this.folder)) {
			String kept;
			try (StowageServer production = StowageServer.start(this.folder, shared.settings())) {
				kept = production.alice().uploaded("user_data", "a", "kept");
			}
			String copy = "spring.datasource.url=" + shared.copyOfDatabase();
			try (StowageServer production = StowageServer.start(this.folder, shared.settings())) {
				production.alice().uploaded("user_data", "b", "later");
				production.clock().move(LONG_ENOUGH);
				production.tendBinding();
				production.clock().move(LONG_ENOUGH);
				production.tendBinding();
				assertThatException().isThrownBy(() -> StowageServer.start(this.restored, shared.settings(copy)));
				assertThat(output).contains("was used with a later state of this database");
			}
			try (StowageServer restored = StowageServer.start(this.restored,
					shared.settings(copy, "stowage.adopt-store=true"))) {
				assertThat(restored.alice().get("/v1/files").ids()).containsExactly(kept);
				assertThat(restored.alice().get("/v1/files/" + kept + "/content").body()).isEqualTo("kept");
			}
			assertThatException().isThrownBy(() -> StowageServer.start(this.folder, shared.settings()));
		}
	}

	@Test
	void removesNothingInADrillThatBeganAtOnce(CapturedOutput output) throws Exception {
		try (SharedBacking shared = new SharedBacking(this.folder)) {
			String[] bucket = shared.store().settings(new String[0]);
			try (StowageServer production = StowageServer.start(this.folder, bucket)) {
				String id = production.alice().post("/v1/files", "{\"filename\": \"a.json\"}").text("id");
				String lasting = production.alice().uploaded("batch", "a.jsonl", "{}");
				backUpDatabase(production);
				String[] sweeping = shared.store().settings("stowage.sweep-interval=100ms");
				try (StowageServer drill = StowageServer.start(this.restored, sweeping)) {
					assertThat(drill.alice().get("/v1/files").ids()).containsExactly(lasting);
					production.clock().move(LONG_ENOUGH);
					production.tendBinding();
					Soon.await().until(() -> output.getOut().contains("Nothing is removed from it."));
					drill.clock().move(Duration.ofDays(31));
					// ten rounds
					Thread.sleep(1_000);
					assertThat(production.alice().get("/v1/files/" + lasting + "/content").body()).isEqualTo("{}");
					assertThat(production.alice().get("/v1/files/" + id).text("status")).isEqualTo("pending");
				}
			}
		}
	}

	@Test
	@SuppressWarnings("try")
	void isSaidOnceOfARestoredDatabase(CapturedOutput output) throws IOException {
		try (SharedBacking shared = new SharedBacking(this.folder)) {
			String[] bucket = shared.store().settings(new String[0]);
			String id;
			try (StowageServer production = StowageServer.start(this.folder, bucket)) {
				id = production.alice().uploaded("user_data", "a", "kept");
				backUpDatabase(production);
				production.clock().move(LONG_ENOUGH);
				production.tendBinding();
			}
			try (StowageServer server = StowageServer.start(this.restored,
					shared.store().settings("stowage.adopt-store=true"))) {
				assertThat(output).contains("Remove STOWAGE_ADOPT_STORE now");
			}
			try (StowageServer server = StowageServer.start(this.restored, bucket)) {
				assertThat(server.alice().get("/v1/files/" + id + "/content").body()).isEqualTo("kept");
			}
		}
	}

}
