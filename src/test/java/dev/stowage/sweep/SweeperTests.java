package dev.stowage.sweep;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import dev.stowage.file.FileId;
import dev.stowage.file.Files;
import dev.stowage.file.ObjectKeys;
import dev.stowage.file.StoredFile;
import dev.stowage.storage.FailingObjectStore;
import dev.stowage.storage.FailingObjectStore.Call;
import dev.stowage.storage.FailingObjectStore.Moment;
import dev.stowage.storage.ObjectKey;
import dev.stowage.storage.ObjectStoreException;
import dev.stowage.support.DueRows;
import dev.stowage.support.Faults;
import dev.stowage.support.FileWorld;
import dev.stowage.support.FileWorld.Upload;
import dev.stowage.support.Generated;
import dev.stowage.support.InFileWorld;
import dev.stowage.support.Together;
import dev.stowage.upload.UploadGrant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.support.StaticApplicationContext;

import static dev.stowage.support.FileWorld.ALICE;
import static dev.stowage.support.FileWorld.JSON;
import static dev.stowage.support.FileWorld.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** What the sweeper removes and when, and what it does when it cannot. */
@ExtendWith(OutputCaptureExtension.class)
class SweeperTests extends InFileWorld {

	/** The validity of an upload URL, and the hour after it for completion. */
	private static final Duration WINDOW = Duration.ofMinutes(70);

	private static final Duration CLAIM = Duration.ofMinutes(2);

	@BeforeEach
	void leaveAllToTheSweeper() {
		this.world.ours.set(false);
	}

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
		this.world.rows.uploads().addMultipart(id, ALICE, this.world.clock.instant(), ObjectKeys.upload(id), deadline);
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
		this.world.store.fail(moment, Call.DELETE);
		this.world.sweeper.sweep();
		assertThat(this.world.database.rows()).isOne();
		this.world.store.heal();
		this.world.sweeper.sweep();
		assertThat(this.world.store.calls(Call.DELETE)).isEmpty();
		this.world.clock.move(CLAIM);
		this.world.sweeper.sweep();
		requireEmpty();
	}

	@Test
	void countsWhatItCleanedAndWhatFailed() throws IOException {
		deleted(3);
		this.world.store.fail(Moment.BEFORE, Call.DELETE);
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
		this.world.store.fail(Moment.BEFORE, Call.DELETE);
		this.world.sweeper.sweep();
		// two calls for all files, which say nothing about a single one, and ten for one
		// file each
		assertThat(this.world.store.calls(Call.DELETE)).hasSize(30 + 10);
		assertThat(this.world.database.rows()).isEqualTo(30);
		this.world.store.heal();
		this.world.sweeper.sweep();
		assertThat(this.world.store.calls(Call.DELETE)).hasSize(20);
		assertThat(this.world.database.rows()).isEqualTo(10);
		this.world.clock.move(CLAIM);
		this.world.sweeper.sweep();
		requireEmpty();
	}

	@Test
	void triesFewFilesOfAStoreThatWasFailingWhenLastTried() throws IOException {
		deleted(30);
		this.world.store.fail(Moment.BEFORE, Call.DELETE);
		this.world.sweeper.sweep();
		int before = this.world.store.calls(Call.DELETE).size();
		this.world.sweeper.sweep();
		assertThat(this.world.store.calls(Call.DELETE)).hasSize(before + 3);
	}

	@Test
	void doesNotLetPoisonedRowsKeepOthersFromBeingSwept() throws IOException {
		List<ObjectKey> keys = deleted(40);
		List<ObjectKey> poisoned = keys.subList(0, 15);
		poisoned.forEach((key) -> this.world.store.fail(Moment.BEFORE, Call.DELETE, key));
		this.world.sweeper.sweep();
		this.world.requireObjects(poisoned.toArray(ObjectKey[]::new));
		assertThat(this.world.database.rows()).isEqualTo(15);
		// they are due at once, and come before what is deleted from now on
		this.world.clock.move(CLAIM);
		List<ObjectKey> others = deletedBeside(3);
		this.world.sweeper.sweep();
		assertThat(engine().keys()).hasSize(15)
			.doesNotContainAnyElementsOf(others.stream().map(ObjectKey::value).toList());
	}

	@Test
	void triesAFileThatCannotBeRemovedAfterEverLongerPauses() throws IOException {
		ObjectKey poisoned = deleted(1).getFirst();
		this.world.store.fail(Moment.BEFORE, Call.DELETE, poisoned);
		Instant begin = this.world.clock.instant();
		List<Long> minutes = new ArrayList<>();
		for (int attempt = 0; attempt < 8; attempt++) {
			this.world.sweeper.sweep();
			minutes.add(Duration.between(begin, nextLook()).toMinutes());
			begin = nextLook();
			this.world.clock.set(begin);
		}
		assertThat(minutes).isSubsetOf(1L, 2L, 4L, 8L, 16L, 32L, 60L).endsWith(60L, 60L);
		this.world.store.heal();
		this.world.sweeper.sweep();
		requireEmpty();
	}

	@Test
	void servesOwnersAlikeThoughOneHasDeletedThousands() throws IOException {
		List<ObjectKey> keys = deleted(5);
		DueRows.deleted(this.world.database, "flooding", 3000, this.world.clock.instant().minusSeconds(60));
		this.world.store.run(Moment.AFTER, Call.DELETE, 400,
				(key) -> this.world.sweeper.sweeper.end(new ContextClosedEvent(new StaticApplicationContext())));
		this.world.sweeper.sweep();
		assertThat(this.world.store.calls(Call.DELETE)).hasSize(400).containsAll(keys);
		assertThat(this.world.database.rows()).isEqualTo(3005 - 400);
	}

	@Test
	void removesWhatIsDeletedWhileItRemovesTheFloodOfAnother() throws IOException {
		DueRows.deleted(this.world.database, "flooding", 12_000, this.world.clock.instant().minusSeconds(60));
		StoredFile file = this.world.upload(bytes("x"));
		Set<ObjectKey> removed = ConcurrentHashMap.newKeySet();
		FailingObjectStore store = new FailingObjectStore(engine().store()) {

			@Override
			public Map<ObjectKey, String> deleteAll(List<ObjectKey> keys) {
				if (removed.isEmpty()) {
					SweeperTests.this.world.clock.move(Duration.ofSeconds(1));
					SweeperTests.this.world.files.delete(ALICE, file.id());
				}
				removed.addAll(keys);
				return Map.of();
			}

		};
		Sweeper sweeper = this.world.sweeper(store).sweeper;
		assertThat(sweeper.sweep(this.world.clock.instant())).isEqualTo(Sweeper.End.EARLY);
		assertThat(removed).hasSize(8000);
		DueRows.deleted(this.world.database, "flooding", 8_000, this.world.clock.instant().minusSeconds(60));
		assertThat(sweeper.sweep(this.world.clock.instant())).isEqualTo(Sweeper.End.EARLY);
		assertThat(removed).contains(file.key()).hasSize(16_000);
	}

	@Test
	void removesThousandsInOneRound() {
		Instant due = this.world.clock.instant().minusSeconds(1);
		DueRows.deleted(this.world.database, "alice", 700, due);
		DueRows.expired(this.world.database, "bob", 700, due);
		DueRows.granted(this.world.database, "carol", 700, due);
		this.world.sweeper.sweep();
		assertThat(this.world.database.rows()).isZero();
		assertThat(counted("cleaned")).isEqualTo(2100);
	}

	@Test
	void listsOpenUploadsOfThoseOnlyThatDidNotEnd() throws IOException {
		deleted(2);
		this.world.store.fail(Moment.BEFORE, Call.PUT);
		assertThatExceptionOfType(ObjectStoreException.class).isThrownBy(() -> this.world.upload(bytes("x")));
		ObjectKey failed = this.world.store.calls(Call.PUT).getFirst();
		this.world.store.heal();
		this.world.sweeper.sweep();
		assertThat(this.world.store.calls(Call.DELETE_UPLOADS)).containsExactly(failed);
		assertThat(this.world.store.calls(Call.DELETE)).hasSize(2);
	}

	@Test
	void leavesRowsOfANewerVersionAndSaysSo(CapturedOutput output) throws IOException {
		deleted(2);
		StoredFile other = this.world.upload(bytes("x"));
		Instant past = this.world.clock.instant().minusSeconds(1);
		for (String newer : List.of("status = 'QUARANTINED'", "style = 'RESUMABLE', status = 'PENDING'",
				"style = 'RESUMABLE', status = 'DELETING', sweep_attempts = 1")) {
			this.world.database.jdbc()
				.sql("UPDATE file SET sweep_at = :past, " + newer + " WHERE id = :id")
				.param("past", past.getEpochSecond())
				.param("id", other.id().value())
				.update();
			this.world.sweeper.sweep();
		}
		this.world.requireObjects(other.key());
		assertThat(this.world.database.rows()).isOne();
		assertThat(output).contains("Skipped 1 rows of a newer version");
	}

	@ParameterizedTest
	@CsvSource({ "0.5, false", "0.9, true", "1, true" })
	void keepsExpiredFilesWhenTheyAreAnUnusualShareOfAll(String maxShare, boolean removed, CapturedOutput output)
			throws IOException {
		Instant due = this.world.clock.instant().minusSeconds(1);
		StoredFile file = this.world.upload(new Upload(bytes("x")).lasting(Duration.ofHours(1)));
		DueRows.expired(this.world.database, "bob", 12, due);
		DueRows.expired(this.world.database, "carol", 5, this.world.clock.instant().plusSeconds(7200));
		this.world.clock.set(file.expiresAt().orElseThrow());
		deletedBeside(3);
		DueRows.granted(this.world.database, "alice", 4, due);
		this.world
			.sweeper(this.world.store, Map.of("stowage.sweep.max-share", maxShare, "stowage.sweep.usual-count", "12"))
			.sweep();
		assertThat(this.world.database.rows()).isEqualTo(removed ? 5 : 18);
		assertThat(output.getAll().contains("13 of 18 files have expired at once")).isNotEqualTo(removed);
	}

	@Test
	void removesAnyShareOfFewFiles() {
		DueRows.expired(this.world.database, "bob", 12, this.world.clock.instant().minusSeconds(1));
		this.world.sweeper(this.world.store, Map.of("stowage.sweep.max-share", "0", "stowage.sweep.usual-count", "12"))
			.sweep();
		assertThat(this.world.database.rows()).isZero();
	}

	@ParameterizedTest
	@CsvSource({ "BEFORE, claim", "AFTER, claim", "BEFORE, remove", "AFTER, remove" })
	void survivesADatabaseThatIsAway(Faults.Moment moment, String method) throws IOException {
		deleted(3);
		this.world.faults.fail(moment, method);
		this.world.sweeper.sweep();
		boolean done = moment == Faults.Moment.AFTER && method.equals("remove");
		assertThat(this.world.database.rows()).isEqualTo(done ? 0 : 3);
		this.world.faults.heal();
		this.world.clock.move(CLAIM);
		this.world.sweeper.sweep();
		requireEmpty();
	}

	@Test
	void survivesADatabaseThatFailsWhileItTidies() {
		StoredFile file = this.world.complete(this.world.sent(JSON));
		this.world.faults.fail(Faults.Moment.BEFORE, "tidied");
		this.world.sweeper.sweep();
		this.world.requireObjects(file.key());
		this.world.requireNothingButListed();
	}

	@Test
	void survivesADatabaseThatCannotBeReachedAtAll() {
		this.world.database.close();
		this.world.sweeper.sweep();
		assertThat(this.world.store.calls(Call.DELETE)).isEmpty();
	}

	@Test
	void sharesItsWorkWithAnotherSweeper() throws Exception {
		List<ObjectKey> keys = deleted(300);
		List<FailingObjectStore> stores = Together.run(2, () -> {
			FailingObjectStore its = new FailingObjectStore(engine().store());
			this.world.sweeper(its).sweep();
			return its;
		});
		assertThat(stores.stream().flatMap((its) -> its.calls(Call.DELETE).stream()))
			.containsExactlyInAnyOrderElementsOf(keys);
		requireEmpty();
	}

	@Test
	void endsARoundEarlyWhenTheServerStopsAndGivesTheRestBack() {
		DueRows.deleted(this.world.database, "alice", 600, this.world.clock.instant().minusSeconds(1));
		// after calls for all of a batch and for a single file
		this.world.store.run(Moment.BEFORE, Call.DELETE, 402, (key) -> {
			this.world.sweeper.sweeper.end(new ContextClosedEvent(new StaticApplicationContext()));
			this.world.store.heal();
		});
		this.world.store.fail(Moment.BEFORE, Call.DELETE);
		this.world.sweeper.sweep();
		assertThat(this.world.database.rows()).isBetween(595, 600);
		this.world.sweeper(this.world.store).sweep();
		assertThat(this.world.database.rows()).isBetween(0, 5);
	}

	@Test
	void takesUpWhatADeadSweeperClaimed() throws IOException {
		deleted(5);
		Instant now = this.world.clock.instant();
		assertThat(new DueFiles(this.world.rows.sweeping()).claim(true, now, now.plus(CLAIM), 100)).hasSize(5);
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

	/** Files that were uploaded and deleted, and that wait for the sweep. */
	private List<ObjectKey> deleted(int count) throws IOException {
		List<ObjectKey> keys = deletedBeside(count);
		this.world.store.heal();
		return keys;
	}

	/** More of them, of the same owner, while a test makes the store fail. */
	private List<ObjectKey> deletedBeside(int count) throws IOException {
		List<ObjectKey> keys = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			StoredFile file = this.world.upload(bytes("x"));
			keys.add(file.key());
			this.world.files.delete(ALICE, file.id());
		}
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
