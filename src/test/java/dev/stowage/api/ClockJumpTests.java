package dev.stowage.api;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.stowage.storage.FailingObjectStore.Call;
import dev.stowage.storage.FailingObjectStore.Moment;
import dev.stowage.support.Answer;
import dev.stowage.support.Caller;
import dev.stowage.support.Form;
import dev.stowage.support.HeldUpload;
import dev.stowage.support.SharedBacking;
import dev.stowage.support.StowageServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static dev.stowage.support.Soon.await;
import static org.assertj.core.api.Assertions.assertThat;

/** A clock that is set forward or back while a whole server runs. */
@ExtendWith(OutputCaptureExtension.class)
class ClockJumpTests {

	private static final byte[] SMALL = "small".getBytes(StandardCharsets.UTF_8);

	private static final byte[] LARGE = new byte[9 * 1024 * 1024];

	@TempDir
	Path folder;

	@ParameterizedTest
	@ValueSource(strings = { "-P1D", "-PT1H", "PT1H", "P30D" })
	void takesNoUploadThatThisServerIsReceiving(Duration jump) throws Exception {
		try (StowageServer server = StowageServer.start(this.folder, "stowage.sweep-interval=100ms",
				"stowage.expiry.context=never", "stowage.sweep.max-clock-jump=400d");
				HeldUpload upload = Acknowledged.begin(server, LARGE)) {
			Acknowledged files = new Acknowledged(server);
			assertThat(files.complete(files.sent()).status()).isEqualTo(200);
			String sent = files.sent();
			server.clock().move(jump);
			awaitSweeps(server);
			files.add(finished(upload), LARGE);
			// pending for as long as its window by the clock that is now right
			int status = files.complete(sent).status();
			assertThat(status).isEqualTo(jump.compareTo(Duration.ofHours(2)) < 0 ? 200 : 404);
			if (jump.isNegative()) {
				server.clock().move(jump.negated());
			}
			await().untilAsserted(files::assertNothingElseIsLeft);
		}
	}

	private static String finished(HeldUpload upload) throws IOException {
		String answer = upload.finish();
		assertThat(answer).startsWith("HTTP/1.1 200");
		return HeldUpload.idIn(answer);
	}

	/**
	 * The store fails to remove it immediately. A sweep that began before the clock was
	 * set back may take an upload; the client sends it again.
	 */
	private static String deletedForTheSweeper(StowageServer server) {
		Form form = new Form().field("purpose", "user_data").file("a", "x");
		String id = await().until(() -> server.alice().upload(form), (answer) -> answer.status() == 200).text("id");
		server.store().fail(Moment.BEFORE, Call.DELETE, 1);
		assertThat(server.alice().delete("/v1/files/" + id).status()).isEqualTo(200);
		return id;
	}

	/** Two more rounds of the sweeper, of which one began after now. */
	private static void awaitSweeps(StowageServer server) {
		for (int round = 0; round < 2; round++) {
			String id = deletedForTheSweeper(server);
			await().until(() -> !server.engine().keys().contains("files/" + id));
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "-PT61M", "PT61M", "P30D" })
	void sweepsNothingOnceTheClockHasMovedByMoreThanAnHourUntilItIsSetRight(Duration jump, CapturedOutput output) {
		try (StowageServer server = StowageServer.start(this.folder, "stowage.sweep-interval=100ms")) {
			Acknowledged files = new Acknowledged(server);
			Answer lasting = server.alice().upload(new Form().field("purpose", "batch").file("a.jsonl", SMALL));
			files.add(lasting.text("id"), SMALL);
			server.clock().move(jump);
			String deleted = deletedForTheSweeper(server);
			await().until(() -> output.getOut().split("Nothing is swept until it is", -1).length > 4);
			assertThat(server.engine().keys()).contains("files/" + deleted);
			server.clock().move(jump.negated());
			await().until(() -> !server.engine().keys().contains("files/" + deleted) || jump.isPositive());
			awaitSweeps(server);
			files.assertWholeAndNothingElseListed();
		}
	}

	@Test
	void sweepsNothingByAClockThatIsAheadOfTheDatabases(CapturedOutput output) throws Exception {
		try (SharedBacking shared = new SharedBacking(this.folder);
				StowageServer right = StowageServer.start(this.folder, shared.settings());
				StowageServer wrong = StowageServer.start(this.folder,
						shared.settings("stowage.sweep-interval=100ms", "stowage.sweep.max-clock-jump=400d"));
				HeldUpload upload = Acknowledged.begin(right, LARGE)) {
			Acknowledged files = new Acknowledged(right);
			Answer lasting = right.alice().upload(new Form().field("purpose", "batch").file("a.jsonl", SMALL));
			files.add(lasting.text("id"), SMALL);
			String sent = files.sent();
			wrong.clock().move(Duration.ofDays(31));
			await().until(() -> output.getOut().split("s ahead of the database's", -1).length > 4);
			files.add(finished(upload), LARGE);
			assertThat(files.complete(sent).status()).isEqualTo(200);
			files.assertWholeAndNothingElseListed();
			// what it believes to have expired is hidden only from its own callers
			assertThat(wrong.alice().get("/v1/files/" + lasting.text("id")).status()).isEqualTo(404);
			wrong.clock().move(Duration.ofDays(-31));
			assertThat(wrong.alice().get("/v1/files/" + lasting.text("id")).status()).isEqualTo(200);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "-P1D", "-PT1H", "PT1H", "P30D" })
	void showsEachFileThatIsThereOnceToWhoeverIsPaging(Duration jump) {
		try (StowageServer server = StowageServer.start(this.folder)) {
			requireEachOnce(server, server.alice(), "asc", jump);
			server.clock().reset();
			requireEachOnce(server, server.bob(), "desc", jump);
		}
	}

	private static void requireEachOnce(StowageServer server, Caller owner, String order, Duration jump) {
		List<String> before = new ArrayList<>();
		for (int i = 0; i < 6; i++) {
			before.add(owner.uploaded("user_data", "a", "x"));
		}
		List<String> paged = new ArrayList<>(page(owner, order, ""));
		server.clock().move(jump);
		String late = owner.uploaded("user_data", "late", "x");
		for (List<String> page = page(owner, order, paged.getLast()); !page.isEmpty(); page = page(owner, order,
				paged.getLast())) {
			paged.addAll(page);
		}
		assertThat(paged).doesNotHaveDuplicates().containsAll(before);
		assertThat(page(owner, "desc&limit=100", "")).contains(late).hasSize(7);
		// the order is that of completion, independent of the clock
		assertThat(page(owner, "desc&limit=100", "").indexOf(late)).isZero();
		assertThat(page(owner, "asc&limit=100", before.getLast())).containsExactly(late);
	}

	private static List<String> page(Caller owner, String order, String after) {
		Answer page = owner.get("/v1/files?order=" + order + (order.contains("limit") ? "" : "&limit=2")
				+ (after.isEmpty() ? "" : "&after=" + after));
		assertThat(page.status()).isEqualTo(200);
		return page.ids();
	}

	@Test
	void cleansWhatItHasClaimedThoughTheClockJumpsMeanwhile() {
		try (StowageServer server = StowageServer.start(this.folder)) {
			Acknowledged files = new Acknowledged(server);
			files.upload(SMALL);
			for (String jump : List.of("-P1D", "-PT1H", "PT1H", "P30D")) {
				deletedForTheSweeper(server);
				server.store().run(Moment.BEFORE, Call.DELETE, 1, (key) -> server.clock().move(Duration.parse(jump)));
				server.sweep();
				assertThat(server.engine().keys()).as(jump).hasSize(1);
				files.assertNothingElseIsLeft();
				server.clock().reset();
			}
		}
	}

	@Test
	void triesAgainWhatItCouldNotCleanOnceTheClockHasCaughtUp() {
		try (StowageServer server = StowageServer.start(this.folder)) {
			deletedForTheSweeper(server);
			server.store().fail(Moment.BEFORE, Call.DELETE, 1);
			server.sweep();
			server.clock().move(Duration.ofHours(-1));
			server.sweep();
			assertThat(server.engine().keys()).hasSize(1);
			server.clock().move(Duration.ofMinutes(63));
			server.sweep();
			assertThat(server.engine().keys()).isEmpty();
		}
	}

	@Test
	void endsFilesByTheClockThatItHas() {
		try (StowageServer server = StowageServer.start(this.folder)) {
			Form form = new Form().field("purpose", "user_data")
				.field("expires_after[anchor]", "created_at")
				.field("expires_after[seconds]", "3600")
				.file("a", "x");
			String id = server.alice().upload(form).text("id");
			server.clock().move(Duration.ofDays(1));
			assertThat(server.alice().get("/v1/files/" + id).status()).isEqualTo(404);
			server.clock().move(Duration.ofDays(-1));
			// not swept yet, so it was only hidden
			assertThat(server.alice().get("/v1/files/" + id).status()).isEqualTo(200);
			server.clock().move(Duration.ofDays(1));
			server.sweep();
			server.clock().move(Duration.ofDays(-1));
			assertThat(server.alice().get("/v1/files/" + id).status()).isEqualTo(404);
			assertThat(server.engine().keys()).isEmpty();
		}
	}

	@Test
	void signsByTheClockOfTheMachine() {
		try (StowageServer server = StowageServer.start(this.folder)) {
			for (String jump : List.of("-P1D", "PT1H", "P30D")) {
				server.clock().move(Duration.parse(jump));
				Answer created = server.alice().post("/v1/files", "{\"filename\": \"a.json\"}");
				assertThat(Caller.sendTo(URI.create(created.text("upload_url")), "PUT", "[1]").status()).as(jump)
					.isEqualTo(200);
				assertThat(server.alice().post("/v1/files/" + created.text("id") + "/complete").status()).as(jump)
					.isEqualTo(200);
				server.clock().reset();
			}
		}
	}

}
