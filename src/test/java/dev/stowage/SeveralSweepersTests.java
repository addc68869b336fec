package dev.stowage;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.stowage.storage.FailingObjectStore.Call;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** The sweepers of several copies, which share their work without a word. */
class SeveralSweepersTests extends OnSeveralCopies {

	@Test
	void cleanEverythingOnceThoughAllSweepAtOnce() throws Exception {
		List<String> deleted = new ArrayList<>();
		List<String> abandoned = new ArrayList<>();
		for (int i = 0; i < 100; i++) {
			String id = any().uploaded("user_data", "a", "x");
			deleted.add("files/" + id);
			assertThat(any().delete("/v1/files/" + id).status()).isEqualTo(200);
			Answer grant = any().post("/v1/files", "{\"filename\": \"a.json\"}");
			Caller.sendTo(URI.create(grant.text("upload_url")), "PUT", "[1]");
			abandoned.add("staging/" + grant.text("id"));
		}
		this.copies.all().forEach((copy) -> copy.clock().move(Duration.ofHours(2)));
		for (int round = 0; round < 3; round++) {
			this.copies.atOnce((copy) -> {
				copy.sweep();
				return copy;
			});
		}
		assertThat(this.copies.calls(Call.DELETE_UPLOADS)).containsExactlyInAnyOrderElementsOf(deleted);
		assertThat(this.copies.calls(Call.DELETE)).containsExactlyInAnyOrderElementsOf(abandoned);
		requireNothingLeft();
	}

}
