package dev.stowage.sweep;

import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import dev.stowage.file.FileId;
import dev.stowage.file.ObjectKeys;
import dev.stowage.file.StoredFile;
import dev.stowage.storage.FailingObjectStore.Call;
import dev.stowage.storage.FailingObjectStore.Moment;
import dev.stowage.storage.ObjectKey;
import dev.stowage.support.FileWorld;
import dev.stowage.support.InFileWorld;
import dev.stowage.upload.UploadGrant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static dev.stowage.support.FileWorld.JSON;
import static org.assertj.core.api.Assertions.assertThat;

/** Objects of a {@code PUT} that ended after the last row that named them was removed. */
class StagingSearchTests extends InFileWorld {

	private static final Duration DAY = Duration.ofDays(1);

	/** A search lists the staged objects and the probes. */
	private static final int LISTS = 2;

	@BeforeEach
	@Override
	protected void setUp() {
		super.setUp();
		// the store's clock is the real one
		this.world.clock.set(Instant.now());
	}

	@Test
	void removesAnObjectOfADayThatNoRowNames() {
		UploadGrant grant = this.world.sent(JSON);
		this.world.clock.move(Duration.ofMinutes(70));
		this.world.sweeper.sweep();
		assertThat(this.world.database.rows()).isZero();
		lands(grant);
		search();
		this.world.requireObjects(grant.file().key());
		this.world.clock.move(DAY);
		search();
		this.world.requireObjects();
	}

	@Test
	void removesWhatCameAfterItsFileWasCompletedAndTidied() {
		UploadGrant grant = this.world.sent(JSON);
		StoredFile file = this.world.complete(grant);
		this.world.clock.move(Duration.ofMinutes(70));
		this.world.sweeper.sweep();
		lands(grant);
		this.world.clock.move(DAY.plusHours(1));
		search();
		this.world.requireObjects(file.key());
	}

	@Test
	void keepsWhatAPendingFileNeedsHoweverOldItIs() {
		try (FileWorld patient = world(Map.of("stowage.presigned.completion-window", "10d"))) {
			patient.clock.set(this.world.clock.instant());
			UploadGrant grant = patient.sent(JSON);
			patient.clock.move(DAY.multipliedBy(3));
			new StagingSearch(new StagingRepository(patient.database.jdbc(), patient.database.changes()), patient.store)
				.goOn(patient.clock.instant());
			assertThat(patient.complete(grant).bytes()).isEqualTo(JSON.length);
		}
	}

	@Test
	void removesPartsThatCameAfterTheirFileWasRemoved() throws Exception {
		FileId gone = FileId.createdAt(Instant.EPOCH);
		for (int number : new int[] { 1, 10_000 }) {
			engine().store().put(ObjectKeys.part(gone, number), new ByteArrayInputStream(JSON), 100);
		}
		search();
		this.world.requireObjects(ObjectKeys.part(gone, 1), ObjectKeys.part(gone, 10_000));
		this.world.clock.move(DAY.multipliedBy(2));
		search();
		this.world.requireObjects();
	}

	@Test
	void keepsWhatIsNotOursAndWhatLiesElsewhere() throws Exception {
		List<ObjectKey> keys = List.of(new ObjectKey("staging/README"), new ObjectKey("staging-2/x"),
				ObjectKeys.upload(FileId.createdAt(Instant.EPOCH)),
				new ObjectKey(ObjectKeys.staging(FileId.createdAt(Instant.EPOCH)) + "-half"));
		for (ObjectKey key : keys) {
			engine().store().put(key, new ByteArrayInputStream(JSON), 100);
		}
		this.world.clock.move(DAY.multipliedBy(2));
		search();
		this.world.requireObjects(keys.toArray(ObjectKey[]::new));
	}

	@Test
	void removesWhatAKilledStartHasLeft() throws Exception {
		ObjectKey[] left = { new ObjectKey("files/probe-1"), new ObjectKey("staging/probe-1-staged") };
		for (ObjectKey key : left) {
			engine().store().put(key, new ByteArrayInputStream(JSON), 100);
		}
		search();
		this.world.requireObjects(left);
		this.world.clock.move(DAY.multipliedBy(2));
		search();
		this.world.requireObjects();
	}

	@Test
	void searchesOnceADayOnWhicheverInstance() {
		search();
		search();
		this.world.clock.move(DAY.minusSeconds(1));
		search();
		assertThat(this.world.store.calls(Call.LIST)).hasSize(LISTS);
		this.world.clock.move(Duration.ofSeconds(1));
		search();
		assertThat(this.world.store.calls(Call.LIST)).hasSize(2 * LISTS);
	}

	@Test
	void searchesOnOneInstanceAtATime() {
		this.world.store.run(Moment.BEFORE, Call.LIST, 1, (key) -> search());
		search();
		assertThat(this.world.store.calls(Call.LIST)).hasSize(LISTS);
	}

	@Test
	void goesOnTenMinutesLaterWhereAnInstanceWasKilled() {
		assertThat(staging().claim(this.world.clock.instant(), this.world.clock.instant().plus(Duration.ofMinutes(10))))
			.contains("");
		search();
		assertThat(this.world.store.calls(Call.LIST)).isEmpty();
		this.world.clock.move(Duration.ofMinutes(10));
		search();
		assertThat(this.world.store.calls(Call.LIST)).hasSize(LISTS);
	}

	@Test
	void triesAgainAnHourAfterTheStoreFailed() {
		this.world.store.fail(Moment.BEFORE, Call.LIST, 1);
		search();
		this.world.clock.move(Duration.ofMinutes(59));
		search();
		assertThat(this.world.store.calls(Call.LIST)).hasSize(1);
		this.world.clock.move(Duration.ofMinutes(1));
		search();
		assertThat(this.world.store.calls(Call.LIST)).hasSize(1 + LISTS);
	}

	@Test
	void searchesAgainSoonAfterAClockThatWasSetFarAheadIsSetRight() {
		this.world.clock.move(Duration.ofDays(400));
		search();
		this.world.clock.move(Duration.ofDays(-400));
		search();
		assertThat(this.world.store.calls(Call.LIST)).hasSize(2 * LISTS);
	}

	@Test
	void survivesADatabaseThatIsAway() {
		this.world.database.close();
		search();
		assertThat(this.world.store.calls(Call.LIST)).isEmpty();
	}

	/** Bytes that took longer than any row waited for them. */
	private void lands(UploadGrant grant) {
		try {
			engine().store().put(grant.file().key(), new ByteArrayInputStream(JSON), 100);
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	private void search() {
		new StagingSearch(staging(), this.world.store).goOn(this.world.clock.instant());
	}

	private StagingRepository staging() {
		return new StagingRepository(this.world.database.jdbc(), this.world.database.changes());
	}

}
