package dev.stowage.file;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import dev.stowage.file.FileWorld.Upload;
import dev.stowage.storage.FailingObjectStore;
import dev.stowage.storage.FailingObjectStore.Call;
import dev.stowage.storage.FailingObjectStore.Moment;
import dev.stowage.storage.ObjectKey;
import dev.stowage.storage.ObjectStoreException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.support.StaticApplicationContext;

import static dev.stowage.file.FileWorld.ALICE;
import static dev.stowage.file.FileWorld.JSON;
import static dev.stowage.file.FileWorld.bytes;
import static org.assertj.core.api.Assertions.assertThat;

/** What the sweeper removes and when, and what it does when it cannot. */
class SweeperTests extends InFileWorld {

	/** The life of an upload URL, and the hour to complete in. */
	private static final Duration WINDOW = Duration.ofMinutes(70);

	private static final Duration CLAIM = Duration.ofMinutes(2);

	@Test
	void leavesAloneWhatIsNotDue() throws IOException {
		StoredFile file = this.world.upload(new Upload(bytes("x")).lasting(Duration.ofHours(1)));
		UploadGrant pending = this.world.sent(JSON);
		this.world.clock.move(Duration.ofHours(1).minusSeconds(1));
		this.world.sweeper.sweep();
		this.world.requireObjects(file.key(), pending.file().key());
		assertThat(this.world.database.rows()).isEqualTo(2);
	}

	@Test
	void removesAnExpiredFile() throws IOException {
		StoredFile file = this.world.upload(new Upload(bytes("x")).lasting(Duration.ofHours(1)));
		this.world.clock.set(file.expiresAt().orElseThrow());
		this.world.sweeper.sweep();
		requireEmpty();
	}

	@Test
	void removesTheObjectOfAnUploadWhoseProcessDied() throws Exception {
		FileId id = FileId.createdAt(this.world.clock.instant());
		Instant deadline = this.world.clock.instant().plusSeconds(60);
		this.world.rows.uploads.addMultipart(id, ALICE, this.world.clock.instant(), ObjectKeys.upload(id), deadline);
		engine().store().put(ObjectKeys.upload(id), new Generated(10), 10);
		this.world.sweeper.sweep();
		assertThat(engine().keys()).hasSize(1);
		this.world.clock.set(deadline);
		this.world.sweeper.sweep();
		requireEmpty();
	}

	@Test
	void removesAPresignedUploadThatNobodyCompleted() {
		this.world.sent(JSON);
		this.world.clock.move(WINDOW.minusSeconds(1));
		this.world.sweeper.sweep();
		assertThat(engine().keys()).hasSize(1);
		this.world.clock.move(Duration.ofSeconds(1));
		this.world.sweeper.sweep();
		requireEmpty();
	}

	@Test
	void tidiesUpBehindACompletedFileUntilItsUrlIsDeadAndThenWaitsForItsExpiry() throws IOException {
		UploadGrant grant = this.world.sent(JSON);
		this.world.store.fail(Moment.AFTER, Call.COPY, 1);
		tryToComplete(grant);
		StoredFile file = this.world.complete(grant);
		assertThat(engine().keys()).hasSize(3);
		this.world.sweeper.sweep();
		this.world.requireObjects(file.key());
		assertThat(nextLook()).isEqualTo(file.createdAt().plus(WINDOW));
		this.world.send(grant, bytes("too late"));
		this.world.clock.set(file.createdAt().plus(WINDOW));
		this.world.sweeper.sweep();
		this.world.requireObjects(file.key());
		assertThat(this.world.served(file)).isEqualTo(JSON);
		assertThat(nextLook()).isEqualTo(file.expiresAt().orElseThrow());
		this.world.clock.set(file.expiresAt().orElseThrow());
		this.world.sweeper.sweep();
		requireEmpty();
	}

	@Test
	void looksNeverAgainAtACompletedFileThatDoesNotExpire() {
		try (FileWorld eternal = world(Map.of("stowage.expiry.context", "never"))) {
			eternal.complete(eternal.sent(JSON));
			eternal.clock.move(WINDOW);
			eternal.sweeper.sweep();
			assertThat(eternal.database.jdbc()
				.sql("SELECT count(*) FROM file WHERE sweep_at IS NULL")
				.query(Integer.class)
				.single()).isOne();
			assertThat(eternal.listed()).hasSize(1);
		}
	}

	@Test
	void removesACompletedFileThatExpiresWhileItsUrlStillLives() {
		try (FileWorld brief = world(Map.of("stowage.expiry.context", "1m"))) {
			UploadGrant grant = brief.sent(JSON);
			StoredFile file = brief.complete(grant);
			brief.sweeper.sweep();
			brief.clock.set(file.expiresAt().orElseThrow());
			brief.sweeper.sweep();
			brief.requireObjects();
			brief.send(grant, JSON);
			brief.clock.set(file.createdAt().plus(WINDOW));
			brief.sweeper.sweep();
			requireEmpty();
		}
	}

	@ParameterizedTest
	@CsvSource({ "true", "false" })
	void keepsTheRowOfADeletedFileUntilItsUrlIsDead(boolean completed) {
		UploadGrant grant = this.world.sent(JSON);
		if (completed) {
			this.world.complete(grant);
		}
		this.world.files.delete(ALICE, grant.file().id());
		this.world.sweeper.sweep();
		this.world.requireObjects();
		assertThat(this.world.database.rows()).isOne();
		this.world.send(grant, JSON);
		this.world.clock.move(WINDOW.minusSeconds(1));
		this.world.sweeper.sweep();
		assertThat(engine().keys()).hasSize(1);
		this.world.clock.move(Duration.ofSeconds(1));
		this.world.sweeper.sweep();
		requireEmpty();
	}

	@Test
	void doesNotMissWhatIsSentInTheLastSecondOfTheWindowWhileItSweeps() {
		UploadGrant grant = this.world.sent(JSON);
		this.world.files.delete(ALICE, grant.file().id());
		this.world.clock.set(grant.file().createdAt().plus(WINDOW).minusMillis(1));
		this.world.store.run(Moment.AFTER, Call.DELETE, 1, (key) -> {
			this.world.send(grant, JSON);
			this.world.clock.move(Duration.ofMillis(1));
		});
		this.world.sweeper.sweep();
		this.world.sweeper.sweep();
		requireEmpty();
	}

	@ParameterizedTest
	@CsvSource({ "BEFORE", "AFTER" })
	void triesAgainWhenTheClaimOfWhatFailedHasRunOut(Moment moment) throws IOException {
		this.world.files.delete(ALICE, this.world.upload(bytes("x")).id());
		this.world.store.fail(moment, Call.DELETE_UPLOADS);
		this.world.sweeper.sweep();
		assertThat(this.world.database.rows()).isOne();
		this.world.store.heal();
		this.world.sweeper.sweep();
		assertThat(this.world.store.calls(Call.DELETE_UPLOADS)).isEmpty();
		this.world.clock.move(CLAIM);
		this.world.sweeper.sweep();
		requireEmpty();
	}

	@Test
	void countsWhatItCleanedAndWhatFailed() throws IOException {
		deleted(3);
		this.world.store.fail(Moment.BEFORE, Call.DELETE_UPLOADS);
		this.world.sweeper.sweep();
		assertThat(counted("failed")).isEqualTo(3);
		this.world.store.heal();
		this.world.clock.move(CLAIM);
		this.world.sweeper.sweep();
		assertThat(counted("failed")).isEqualTo(3);
		assertThat(counted("cleaned")).isEqualTo(3);
	}

	private double counted(String outcome) {
		return this.world.meters.get("stowage.sweeper").tag("outcome", outcome).counter().count();
	}

	@Test
	void givesUpAfterTenFailuresAndTakesTheRestFirstTheNextTime() throws IOException {
		deleted(30);
		this.world.store.fail(Moment.BEFORE, Call.DELETE_UPLOADS);
		this.world.sweeper.sweep();
		assertThat(this.world.store.calls(Call.DELETE_UPLOADS)).hasSize(10);
		assertThat(this.world.database.rows()).isEqualTo(30);
		this.world.store.heal();
		this.world.sweeper.sweep();
		assertThat(this.world.store.calls(Call.DELETE_UPLOADS)).hasSize(20);
		assertThat(this.world.database.rows()).isEqualTo(10);
		this.world.clock.move(CLAIM);
		this.world.sweeper.sweep();
		requireEmpty();
	}

	@Test
	void doesNotLetPoisonedRowsKeepOthersFromBeingSwept() throws IOException {
		List<ObjectKey> keys = deleted(40);
		List<ObjectKey> poisoned = keys.subList(0, 15);
		poisoned.forEach((key) -> this.world.store.fail(Moment.BEFORE, Call.DELETE_UPLOADS, key));
		for (int round = 0; round < 4; round++) {
			this.world.sweeper.sweep();
			this.world.clock.move(CLAIM);
		}
		this.world.requireObjects(poisoned.toArray(ObjectKey[]::new));
		assertThat(this.world.database.rows()).isEqualTo(15);
	}

	@ParameterizedTest
	@CsvSource({ "BEFORE, claimDue", "AFTER, claimDue", "BEFORE, remove", "AFTER, remove" })
	void survivesADatabaseThatIsAway(FailingRepositories.Moment moment, String method) throws IOException {
		deleted(3);
		this.world.rows.fail(moment, method);
		this.world.sweeper.sweep();
		assertThat(this.world.database.rows()).isPositive();
		this.world.rows.heal();
		this.world.clock.move(CLAIM);
		this.world.sweeper.sweep();
		requireEmpty();
	}

	@Test
	void survivesADatabaseThatFailsWhileItTidies() {
		StoredFile file = this.world.complete(this.world.sent(JSON));
		this.world.rows.fail(FailingRepositories.Moment.BEFORE, "sweepAgain");
		this.world.sweeper.sweep();
		this.world.requireObjects(file.key());
		this.world.requireNothingButListed();
	}

	@Test
	void survivesADatabaseThatCannotBeReachedAtAll() {
		this.world.database.close();
		this.world.sweeper.sweep();
		assertThat(this.world.store.calls(Call.DELETE_UPLOADS)).isEmpty();
	}

	@Test
	void sharesItsWorkWithAnotherSweeper() throws Exception {
		List<ObjectKey> keys = deleted(300);
		List<FailingObjectStore> stores = Together.run(2, () -> {
			FailingObjectStore its = new FailingObjectStore(engine().store());
			this.world.sweeper(its).sweep();
			return its;
		});
		assertThat(stores.stream().flatMap((its) -> its.calls(Call.DELETE_UPLOADS).stream()))
			.containsExactlyInAnyOrderElementsOf(keys);
		requireEmpty();
	}

	@Test
	void endsARoundEarlyWhenTheServerStops() throws IOException {
		deleted(30);
		this.world.store.run(Moment.AFTER, Call.DELETE_UPLOADS, 5,
				(key) -> this.world.sweeper.end(new ContextClosedEvent(new StaticApplicationContext())));
		this.world.sweeper.sweep();
		assertThat(this.world.database.rows()).isEqualTo(25);
		this.world.clock.move(CLAIM);
		this.world.sweeper(this.world.store).sweep();
		requireEmpty();
	}

	@Test
	void takesUpWhatADeadSweeperClaimed() throws IOException {
		deleted(5);
		Instant now = this.world.clock.instant();
		assertThat(this.world.rows.sweeping.claimDue(now, now.plus(CLAIM), 100)).hasSize(5);
		this.world.sweeper.sweep();
		assertThat(this.world.database.rows()).isEqualTo(5);
		this.world.clock.move(CLAIM);
		this.world.sweeper.sweep();
		requireEmpty();
	}

	private void tryToComplete(UploadGrant grant) {
		try {
			this.world.complete(grant);
		}
		catch (ObjectStoreException ex) {
			assertThat(ex).hasMessageContaining("A test made");
		}
	}

	/** Files that were uploaded and deleted, and wait for the sweep. */
	private List<ObjectKey> deleted(int count) throws IOException {
		List<ObjectKey> keys = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			StoredFile file = this.world.upload(bytes("x"));
			keys.add(file.key());
			this.world.files.delete(ALICE, file.id());
		}
		this.world.store.heal();
		return keys;
	}

	private Instant nextLook() {
		return Instant
			.ofEpochSecond(this.world.database.jdbc().sql("SELECT sweep_at FROM file").query(Long.class).single());
	}

	private void requireEmpty() {
		this.world.requireObjects();
		assertThat(this.world.database.rows()).isZero();
		assertThat(engine().openUploads()).isEmpty();
	}

}
