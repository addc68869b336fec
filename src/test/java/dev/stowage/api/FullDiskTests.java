package dev.stowage.api;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.stowage.support.Answer;
import dev.stowage.support.Caller;
import dev.stowage.support.Form;
import dev.stowage.support.SmallDisk;
import dev.stowage.support.StowageServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.util.FileSystemUtils;

import static org.assertj.core.api.Assertions.assertThat;

/** A data folder on a disk that files, or other programs, have filled. */
@Timeout(60)
class FullDiskTests {

	private static final int MEGABYTE = 1024 * 1024;

	private static final int FLOOR = 16 * MEGABYTE;

	private static final byte[] SMALL = new byte[MEGABYTE];

	/** JSON of eight megabytes. */
	private static final String LARGE = '"' + "x".repeat(8 * MEGABYTE - 2) + '"';

	@TempDir
	Path folder;

	private SmallDisk disk;

	private StowageServer server;

	@BeforeEach
	void start() throws IOException {
		this.disk = SmallDisk.mount(this.folder.resolve("disk"), "64m");
		this.server = startServer();
	}

	@AfterEach
	void stop() throws IOException {
		if (this.disk != null) {
			this.server.close();
			this.disk.close();
		}
	}

	private StowageServer startServer() {
		return StowageServer.start(data(), "stowage.min-free-space=16MB");
	}

	private Path data() {
		return this.disk.path().resolve("data");
	}

	@Test
	void takesNoFileBelowTheFloorAndGoesOnReadingAndDeleting() throws Exception {
		Acknowledged files = new Acknowledged(this.server);
		String kept = files.upload(SMALL).text("id");
		Form form = new Form().field("purpose", "user_data").file("a.txt", "four");
		Answer keyed = this.server.alice().upload(form, "k");
		assertThat(keyed.status()).isEqualTo(200);
		List<Answer> grants = new ArrayList<>();
		for (int i = 0; i < 6; i++) {
			grants.add(this.server.alice().post("/v1/files", "{\"filename\": \"a.json\"}"));
		}
		List<Integer> statuses = new ArrayList<>();
		for (Answer grant : grants) {
			Answer put = Caller.sendTo(URI.create(grant.text("upload_url")), "PUT", LARGE);
			statuses.add(put.status());
			if (put.status() != 200) {
				assertThat(put.body()).contains("<Code>InsufficientStorage</Code>").contains("no room for this object");
			}
		}
		assertThat(statuses).startsWith(200).endsWith(507).doesNotContain(500, 503);
		assertThat(this.disk.free()).isGreaterThanOrEqualTo(FLOOR);
		while (files.upload(SMALL).status() == 200) {
			assertThat(this.disk.free()).isGreaterThanOrEqualTo(FLOOR - MEGABYTE);
		}
		this.disk.leave(FLOOR - 1);
		assertFull(files.upload(SMALL));
		assertFull(this.server.alice().post("/v1/files", "{\"filename\": \"a.json\"}"));
		assertFull(files.complete(grants.getFirst().text("id")));
		// stores nothing
		Answer repeated = this.server.alice().upload(form, "k");
		assertThat(repeated.header("Idempotency-Replayed")).contains("true");
		assertThat(repeated.text("id")).isEqualTo(keyed.text("id"));
		assertFull(this.server.alice().upload(form, "l"));
		assertThat(this.server.alice().delete("/v1/files/" + keyed.text("id")).status()).isEqualTo(200);
		files.assertWholeAndNothingElseListed();
		assertThat(readiness()).isEqualTo(200);
		assertThat(files.delete(kept).status()).isEqualTo(200);
		files.assertNothingElseIsLeft();
		this.disk.relieve();
		assertThat(files.upload(SMALL).status()).isEqualTo(200);
	}

	private static void assertFull(Answer answer) {
		assertThat(answer.status()).as(answer.toString()).isEqualTo(507);
		assertThat(answer.text("code")).isEqualTo("storage_full");
		assertThat(answer.text("detail")).contains("no room for more files").contains("Delete files");
		assertThat(answer.json().path("error").path("type").asString()).isEqualTo("server_error");
	}

	@Test
	void doesNotBeginWhatWillNotFit() {
		byte[] large = new byte[40 * MEGABYTE];
		Acknowledged files = new Acknowledged(this.server);
		// its parts would fit, but not together with the file that they become
		assertFull(files.upload(large));
		files.assertNothingElseIsLeft();
	}

	@Test
	void deletesOnADiskThatOthersHaveFilled() throws Exception {
		Acknowledged files = new Acknowledged(this.server);
		List<String> many = new ArrayList<>();
		for (int i = 0; i < 50; i++) {
			many.add(files.upload(new byte[10_000]).text("id"));
		}
		this.disk.fill();
		assertThat(this.disk.free()).isZero();
		for (String id : many) {
			assertThat(files.delete(id).status()).isEqualTo(200);
		}
		this.server.clock().move(Duration.ofSeconds(2));
		this.server.sweep();
		assertThat(this.server.engine().keys()).doesNotContain("files/" + many.getFirst());
		assertThat(this.data().resolve("reserve")).doesNotExist();
		this.disk.fill();
		assertThat(readiness()).isEqualTo(503);
		this.disk.relieve();
		assertThat(readiness()).isEqualTo(200);
		this.server.tendDisk();
		assertThat(Files.size(this.data().resolve("reserve"))).isEqualTo(8 * MEGABYTE);
		files.assertNothingElseIsLeft();
	}

	@Test
	void watchesTheDiskOnWhichTheObjectsLie() throws Exception {
		try (SmallDisk other = SmallDisk.mount(this.folder.resolve("other"), "40m")) {
			this.server.close();
			FileSystemUtils.deleteRecursively(data().resolve("objects"));
			Files.createSymbolicLink(data().resolve("objects"), Files.createDirectory(other.path().resolve("objects")));
			this.server = startServer();
			assertThat(new Acknowledged(this.server).upload(SMALL).status()).isEqualTo(200);
			other.leave(FLOOR - 1);
			assertFull(this.server.alice().post("/v1/files", "{\"filename\": \"a.json\"}"));
			assertThat(data().resolve("reserve")).exists();
			this.server.close();
		}
	}

	@Test
	void startsOnAFullDiskAndEmptiesIt() throws Exception {
		String id = this.server.alice().uploaded("user_data", "a", "x");
		this.server.close();
		this.disk.fill();
		this.server = startServer();
		assertThat(this.server.alice().get("/v1/files/" + id + "/content").body()).isEqualTo("x");
		assertFull(this.server.alice().post("/v1/files", "{\"filename\": \"a.json\"}"));
		assertThat(this.server.alice().delete("/v1/files/" + id).status()).isEqualTo(200);
		this.server.clock().move(Duration.ofSeconds(2));
		this.server.sweep();
		assertThat(this.server.engine().keys()).doesNotContain("files/" + id);
	}

	@Test
	void saysTheSameWhereThereIsSpaceButNoPlaceForAFile() throws Exception {
		Acknowledged files = new Acknowledged(this.server);
		String kept = files.upload(SMALL).text("id");
		this.disk.limitFiles();
		assertFull(files.upload(SMALL));
		files.assertWholeAndNothingElseListed();
		assertThat(readiness()).isEqualTo(503);
		assertThat(files.delete(kept).status()).isEqualTo(200);
		this.disk.allowFiles();
		files.assertNothingElseIsLeft();
	}

	private int readiness() {
		return this.server.alice().get("/actuator/health/readiness").status();
	}

}
