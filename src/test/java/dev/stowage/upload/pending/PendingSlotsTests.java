package dev.stowage.upload.pending;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import dev.stowage.file.FileException;
import dev.stowage.file.Purpose;
import dev.stowage.support.FileWorld;
import dev.stowage.support.InFileWorld;
import dev.stowage.support.Soon;
import dev.stowage.support.Together;
import dev.stowage.upload.UploadGrant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static dev.stowage.support.FileWorld.ALICE;
import static dev.stowage.support.FileWorld.BOB;
import static dev.stowage.support.FileWorld.JSON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** How many pending files an owner may have. */
class PendingSlotsTests extends InFileWorld {

	private static final int MAX = 50;

	private FileWorld other;

	@BeforeEach
	@Override
	protected void setUp() {
		Map<String, String> settings = Map.of("stowage.max-pending", String.valueOf(MAX));
		this.world = world(settings);
		this.other = world(settings);
	}

	@AfterEach
	void closeOther() {
		this.other.close();
	}

	@Test
	void grantsAsManyAsTheLimitToEachOwner() {
		for (int i = 0; i < MAX; i++) {
			this.world.grant();
		}
		assertThatExceptionOfType(FileException.TooManyPending.class).isThrownBy(() -> this.world.grant())
			.withMessageStartingWith("You have 50 pending files, which is the limit.");
		assertThatExceptionOfType(FileException.TooManyPending.class).isThrownBy(() -> this.other.grant());
		assertThat(this.world.database.rows()).isEqualTo(MAX);
		this.world.grant(BOB, "b.json", Purpose.CONTEXT);
	}

	@Test
	void grantsAgainWhatIsCompletedDeletedOrOver() {
		UploadGrant first = this.world.sent(JSON);
		UploadGrant second = this.world.grant();
		while (this.world.database.rows() < MAX) {
			this.world.grant();
		}
		assertThatExceptionOfType(FileException.TooManyPending.class).isThrownBy(() -> this.world.grant());
		this.world.complete(first);
		this.world.grant();
		assertThatExceptionOfType(FileException.TooManyPending.class).isThrownBy(() -> this.world.grant());
		this.world.files.delete(ALICE, second.file().id());
		Soon.await().ignoreExceptions().untilAsserted(this.world::grant);
		assertThatExceptionOfType(FileException.TooManyPending.class).isThrownBy(() -> this.world.grant());
		this.world.clock.move(Duration.ofMinutes(71));
		this.world.sweeper.sweep();
		Soon.await().ignoreExceptions().untilAsserted(this.world::grant);
		for (int i = 1; i < MAX; i++) {
			this.world.grant();
		}
		assertThatExceptionOfType(FileException.TooManyPending.class).isThrownBy(() -> this.world.grant());
	}

	@Test
	void grantsNoneMoreThoughManyAskTwoInstancesAtOnce() throws Exception {
		List<Boolean> granted = Together.run(200, () -> {
			try {
				((Thread.currentThread().threadId() % 2 == 0) ? this.world : this.other).grant();
				return true;
			}
			catch (FileException.TooManyPending ex) {
				return false;
			}
		});
		assertThat(granted).filteredOn(Boolean::booleanValue).hasSizeBetween(1, MAX);
		assertThat(this.world.database.rows()).isEqualTo((int) granted.stream().filter(Boolean::booleanValue).count());
	}

}
