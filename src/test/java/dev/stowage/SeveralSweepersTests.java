package dev.stowage;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import dev.stowage.storage.FailingObjectStore.Call;
import dev.stowage.storage.FailingObjectStore.Moment;
import dev.stowage.support.Answer;
import dev.stowage.support.Caller;
import dev.stowage.support.Form;
import dev.stowage.support.OnSeveralCopies;
import dev.stowage.support.RawConnection;
import dev.stowage.support.StowageServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The sweepers of several instances, which share their work through the database alone.
 */
class SeveralSweepersTests extends OnSeveralCopies {

	/** How far the clocks of two instances may differ. */
	private static final Duration SKEW = Duration.ofMinutes(1);

	@Test
	void cleanEverythingOnceThoughAllSweepAtOnce() throws Exception {
		List<String> deleted = new ArrayList<>();
		List<String> abandoned = new ArrayList<>();
		leaveAllToTheSweepers();
		for (int i = 0; i < 100; i++) {
			String id = any().uploaded("user_data", "a", "x");
			deleted.add("files/" + id);
			assertThat(any().delete("/v1/files/" + id).status()).isEqualTo(200);
			Answer grant = any().post("/v1/files", "{\"filename\": \"a.json\"}");
			Caller.sendTo(URI.create(grant.text("upload_url")), "PUT", "[1]");
			abandoned.add("staging/" + grant.text("id"));
		}
		this.copies.all().forEach((copy) -> copy.store().heal());
		this.copies.all().forEach((copy) -> copy.clock().move(Duration.ofHours(2)));
		for (int round = 0; round < 3; round++) {
			this.copies.atOnce((copy) -> {
				copy.sweep();
				return copy;
			});
		}
		deleted.addAll(abandoned);
		assertThat(this.copies.calls(Call.DELETE)).containsExactlyInAnyOrderElementsOf(deleted);
		this.backing.requireNothingBut(Set.of());
	}

	@Test
	void cleanNothingTwiceThoughOneClockIsFast() throws Exception {
		StowageServer fast = this.copies.all().getFirst();
		StowageServer slow = this.copies.all().getLast();
		leaveAllToTheSweepers();
		String id = any().uploaded("user_data", "a", "x");
		assertThat(slow.alice().delete("/v1/files/" + id).status()).isEqualTo(200);
		this.copies.all().forEach((copy) -> copy.store().heal());
		fast.clock().move(SKEW);
		slow.store().run(Moment.BEFORE, Call.DELETE, 1, (key) -> fast.sweep());
		slow.sweep();
		assertThat(this.copies.calls(Call.DELETE)).containsExactly("files/" + id);
		this.backing.requireNothingBut(Set.of());
	}

	private void leaveAllToTheSweepers() {
		this.copies.all().forEach((copy) -> copy.store().fail(Moment.BEFORE, Call.DELETE));
	}

	@ParameterizedTest
	@ValueSource(strings = { "1s", "5m" })
	void leaveAloneWhatAnotherReceivesThoughTheirClocksAreFast(String uploadTimeout) throws Exception {
		byte[] form = new Form().field("purpose", "user_data").file("a", "x".repeat(1000)).bytes();
		this.copies.all().forEach((copy) -> copy.clock().move(SKEW));
		try (StowageServer slow = StowageServer.start(this.folder,
				this.backing.settings("stowage.upload-timeout=" + uploadTimeout));
				RawConnection upload = new RawConnection(slow)) {
			slow.store().run(Moment.BEFORE, Call.PUT, 1, (key) -> this.copies.all().forEach(StowageServer::sweep));
			upload.uploadHead("Content-Length: " + form.length).send(form);
			assertThat(upload.answer()).startsWith("HTTP/1.1 200");
			assertThat(this.copies.calls(Call.DELETE_UPLOADS)).isEmpty();
		}
	}

}
