package dev.stowage.upload;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;

import dev.stowage.file.FileException;
import dev.stowage.file.FileId;
import dev.stowage.file.FileName;
import dev.stowage.file.FileStatus;
import dev.stowage.file.ObjectKeys;
import dev.stowage.file.Purpose;
import dev.stowage.file.StoredFile;
import dev.stowage.file.UploadMethod;
import dev.stowage.owner.Owner;
import dev.stowage.storage.Checksum;
import dev.stowage.support.FileWorld;
import dev.stowage.support.StandingClock;
import dev.stowage.support.Together;
import dev.stowage.support.WithRows;
import dev.stowage.sweep.KeyRows;
import dev.stowage.sweep.SweepRows;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.dao.DataAccessException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** Who has a key, on each database. */
class IdempotencyKeysTests extends WithRows {

	private static final IdempotencyKey KEY = new IdempotencyKey("k");

	private static final Duration DAY = Duration.ofDays(1);

	private static final Duration HOUR = Duration.ofHours(1);

	private final StandingClock clock = new StandingClock(NOW);

	private final AtomicInteger slots = new AtomicInteger(1_000);

	private IdempotencyKeys keys;

	private KeyRows expired;

	@BeforeEach
	void keys() {
		this.keys = this.uploads.keys(FileWorld.properties(Map.of()), this.clock);
		this.expired = new KeyRows(this.database);
	}

	@Test
	void givesAKeyToOneOfManyRequests() throws Exception {
		List<IdempotencyKeys.Claim> claims = Together.run(16, () -> claim(ALICE, FileId.createdAt(NOW)));
		List<IdempotencyKeys.Claim> made = claims.stream().filter(IdempotencyKeys.Claim::isMade).toList();
		assertThat(made).hasSize(1);
		assertThat(this.database.rows()).isOne();
		assertThat(claims).filteredOn((claim) -> !claim.isMade()).allSatisfy((claim) -> {
			assertThat(claim.earlier()).get().returns(true, IdempotencyKey.Earlier::isPending);
			assertThat(claim.earlier()).get().returns(false, IdempotencyKey.Earlier::isAnswered);
		});
	}

	@Test
	void isAddedTogetherWithTheRowOfOneOfManyUploads() throws Exception {
		List<Boolean> added = Together.run(16, () -> addWithKey(FileId.createdAt(NOW)));
		assertThat(added).containsOnlyOnce(true).hasSize(16);
		assertThat(this.database.rows()).isOne();
		assertThat(earlier()).returns(true, IdempotencyKey.Earlier::isPending)
			.returns(NOW.plus(DAY), IdempotencyKey.Earlier::keptUntil);
		assertThat(answer(earlier().id(), NOW)).isEqualTo(earlier().file().orElseThrow());
		assertThat(addWithKey(nextId())).isFalse();
		assertThat(this.database.rows()).isOne();
	}

	@Test
	void isNotAddedIfTheRowOfTheUploadIsRefused() {
		FileId id = nextId();
		add(ALICE, id);
		assertThatExceptionOfType(DataAccessException.class).isThrownBy(() -> addWithKey(id));
		assertThat(this.expired.count()).isZero();
	}

	@Test
	void givesTheKeyOfAFailedUploadToOneOfManyRequests() throws Exception {
		FileId failed = nextId();
		claim(ALICE, failed);
		// as the sweeper does
		assertThat(this.sweeping.claimDue(LATER)).hasSize(1);
		List<IdempotencyKeys.Claim> claims = Together.run(16, () -> claim(ALICE, FileId.createdAt(NOW)));
		assertThat(claims).filteredOn(IdempotencyKeys.Claim::isMade).hasSize(1);
		assertThat(this.database.rows()).isEqualTo(2);
	}

	@Test
	void givesAnExpiredKeyToOneOfManyRequests() throws Exception {
		answered(nextId());
		this.clock.move(DAY);
		List<IdempotencyKeys.Claim> claims = Together.run(16, () -> claim(ALICE, FileId.createdAt(NOW)));
		assertThat(claims).filteredOn(IdempotencyKeys.Claim::isMade).hasSize(1);
		assertThat(this.database.rows()).isEqualTo(2);
	}

	@Test
	void givesEachOwnerItsOwn() {
		assertThat(claim(ALICE, nextId()).isMade()).isTrue();
		assertThat(claim(BOB, nextId()).isMade()).isTrue();
		assertThat(claim(ALICE, nextId()).isMade()).isFalse();
	}

	@Test
	void remembersTheAnswerAfterTheFileIsGone() {
		StoredFile file = answered(nextId());
		assertThat(earlier().file()).contains(file);
		assertThat(this.files.delete(ALICE, file.id(), NOW)).isTrue();
		assertThat(earlier().file()).contains(file);
		removeAll();
		assertThat(this.database.rows()).isZero();
		assertThat(earlier().file()).contains(file);
		assertThat(earlier().asked()).contains(asked());
		this.clock.move(DAY.minusSeconds(1));
		assertThat(claim(ALICE, nextId()).isMade()).isFalse();
		this.clock.move(Duration.ofSeconds(1));
		assertThat(claim(ALICE, nextId()).isMade()).isTrue();
	}

	@Test
	void isKeptByAnUploadThatTakesLonger() {
		FileId id = nextId();
		claim(ALICE, id);
		this.clock.move(DAY.multipliedBy(3));
		assertThat(claim(ALICE, nextId()).isMade()).isFalse();
		assertThat(this.expired.remove(this.clock.instant(), 100)).isZero();
		answer(id, this.clock.instant());
		assertThat(claim(ALICE, nextId()).earlier()).get().returns(true, IdempotencyKey.Earlier::isAnswered);
		this.clock.move(DAY.minusSeconds(1));
		assertThat(claim(ALICE, nextId()).isMade()).isFalse();
		assertThat(this.expired.remove(this.clock.instant(), 100)).isZero();
		this.clock.move(Duration.ofSeconds(1));
		assertThat(this.expired.remove(this.clock.instant(), 100)).isOne();
	}

	@Test
	void isNotAnsweredByAnUploadThatLostIt() {
		FileId slow = nextId();
		claim(ALICE, slow);
		assertThat(this.sweeping.claimDue(LATER)).hasSize(1);
		FileId next = nextId();
		assertThat(claim(ALICE, next).isMade()).isTrue();
		assertThat(complete(file(slow), KEY)).isFalse();
		assertThat(earlier()).returns(next, IdempotencyKey.Earlier::id)
			.returns(false, IdempotencyKey.Earlier::isAnswered);
	}

	@Test
	void changesNothingIfTheFileIsLost() {
		FileId slow = nextId();
		claim(ALICE, slow);
		assertThat(this.sweeping.claimDue(LATER)).hasSize(1);
		assertThat(complete(file(slow), KEY)).isFalse();
		assertThat(claim(ALICE, nextId()).isMade()).isTrue();
	}

	@Test
	void changesNothingIfTheFileHasAnotherKeyOrNone() {
		FileId keyed = nextId();
		claim(ALICE, keyed);
		assertThat(complete(file(keyed), new IdempotencyKey("other"))).isFalse();
		FileId plain = nextId();
		add(ALICE, plain);
		assertThat(complete(file(plain), KEY)).isFalse();
		assertThat(earlier()).returns(keyed, IdempotencyKey.Earlier::id)
			.returns(false, IdempotencyKey.Earlier::isAnswered);
		assertThat(complete(file(keyed), KEY)).isTrue();
		assertThat(complete(file(keyed), KEY)).isFalse();
	}

	@Test
	void isNotTakenFromItsNextHolderByAnUploadThatFails() {
		FileId slow = nextId();
		claim(ALICE, slow);
		assertThat(this.sweeping.claimDue(LATER)).hasSize(1);
		FileId next = nextId();
		assertThat(claim(ALICE, next).isMade()).isTrue();
		AtomicInteger abandoned = new AtomicInteger();
		this.keys.free(ALICE, KEY, slow, abandoned::incrementAndGet);
		assertThat(abandoned).hasValue(1);
		assertThat(earlier().id()).isEqualTo(next);
		this.keys.free(ALICE, KEY, next, abandoned::incrementAndGet);
		assertThat(abandoned).hasValue(2);
		assertThat(this.keys.find(ALICE, KEY, UploadMethod.MULTIPART)).isEmpty();
	}

	@Test
	void keepsAnAnswerThatMayHaveBeenRepeated() {
		StoredFile file = answered(nextId());
		this.keys.free(ALICE, KEY, file.id(), () -> {
			throw new AssertionError("A repeat may have been answered with it");
		});
		assertThat(earlier().file()).contains(file);
	}

	@Test
	void isNotClaimedIfTheFileIsNotAdded() {
		assertThat(this.keys.claim(ALICE, KEY, use(nextId()), () -> false))
			.isEqualTo(new IdempotencyKeys.Claim(false, Optional.empty()));
		assertThat(this.expired.count()).isZero();
		claim(ALICE, nextId());
		assertThat(this.sweeping.claimDue(LATER)).hasSize(1);
		assertThat(this.keys.claim(ALICE, KEY, use(nextId()), () -> false).isMade()).isFalse();
		assertThat(this.expired.count()).isZero();
	}

	@Test
	void leavesNothingIfAddingTheFileFails() {
		assertThatExceptionOfType(IllegalStateException.class)
			.isThrownBy(() -> this.keys.claim(ALICE, KEY, use(nextId()), () -> {
				throw new IllegalStateException("A test failed");
			}));
		assertThat(this.expired.count()).isZero();
	}

	@Test
	void belongsToAGrantWhileItIsPendingAndUntilItExpires() {
		FileId id = nextId();
		assertThat(grant(id).isMade()).isTrue();
		IdempotencyKey.Earlier earlier = grant(nextId()).earlier().orElseThrow();
		assertThat(earlier.isPending()).isTrue();
		assertThat(earlier.file()).get().returns(id, StoredFile::id).returns(NOW, StoredFile::createdAt);
		assertThat(this.database.rows()).isOne();
		this.clock.move(DAY);
		assertThat(grant(nextId()).isMade()).isTrue();
	}

	@Test
	void isFreedByAGrantThatWasDeletedButNotByOneThatWasCompleted() {
		FileId id = nextId();
		grant(id);
		assertThat(this.files.delete(ALICE, id, NOW)).isTrue();
		FileId second = nextId();
		assertThat(grant(second).isMade()).isTrue();
		this.pending.complete(second, new Checksum(1, 7), ObjectKeys.copy(second, 1), NOW);
		assertThat(grant(nextId()).earlier()).get().returns(false, IdempotencyKey.Earlier::isPending);
		assertThat(this.files.delete(ALICE, second, NOW)).isTrue();
		assertThat(grant(nextId()).isMade()).isFalse();
		removeAll();
		assertThat(grant(nextId()).isMade()).isFalse();
	}

	@Test
	void tellsTheStylesApart() {
		grant(nextId());
		assertThat(claim(ALICE, nextId()).earlier()).get().returns(false, IdempotencyKey.Earlier::isSameMethod);
		assertThatExceptionOfType(FileException.KeyReused.class)
			.isThrownBy(() -> claim(ALICE, nextId()).earlier().orElseThrow().requireSameMethod());
	}

	@Test
	void isRemovedSomeAtATimeWhenItHasExpired() {
		for (int i = 0; i < 5; i++) {
			FileId id = nextId();
			assertThat(this.keys.claim(ALICE, new IdempotencyKey("k" + i), use(id), () -> add(ALICE, id)).isMade())
				.isTrue();
			assertThat(complete(file(id), new IdempotencyKey("k" + i))).isTrue();
		}
		claim(ALICE, nextId());
		assertThat(this.sweeping.claimDue(LATER)).hasSize(1);
		assertThat(this.expired.remove(NOW.plus(DAY).minusSeconds(1), 100)).isZero();
		assertThat(this.expired.remove(NOW.plus(DAY), 4)).isEqualTo(4);
		assertThat(this.expired.remove(NOW.plus(DAY), 4)).isEqualTo(2);
		assertThat(this.expired.count()).isZero();
	}

	@Test
	void givesAGrantMoreTimeButNeverLess() {
		FileId id = nextId();
		grant(id);
		IdempotencyRepository rows = new IdempotencyRepository(this.database.jdbc(), this.database.changes());
		assertThat(rows.extend(id, LATER.plus(HOUR))).isTrue();
		assertThat(rows.extend(id, LATER)).isTrue();
		assertThat(rows.uploadEndsAt(id)).contains(LATER.plus(HOUR));
		assertThat(this.sweeping.claimDue(LATER.plus(HOUR).minusSeconds(1))).isEmpty();
		assertThat(this.sweeping.claimDue(LATER.plus(HOUR))).hasSize(1);
		assertThat(rows.extend(id, LATER.plus(DAY))).isFalse();
		assertThat(rows.uploadEndsAt(id)).isEmpty();
	}

	private IdempotencyKey.Earlier earlier() {
		return this.keys.find(ALICE, KEY, UploadMethod.MULTIPART).orElseThrow();
	}

	private IdempotencyKeys.Claim claim(Owner owner, FileId id) {
		return this.keys.claim(owner, KEY, use(id), () -> add(owner, id));
	}

	private static IdempotencyKey.Use use(FileId id) {
		return new IdempotencyKey.Use(id, UploadMethod.MULTIPART, Optional.empty());
	}

	private boolean add(Owner owner, FileId id) {
		this.uploads.addMultipart(id, owner, NOW, ObjectKeys.upload(id), LATER);
		return true;
	}

	private boolean addWithKey(FileId id) {
		return this.uploads.addMultipart(
				new UploadRepository.BegunUpload(id, ALICE, 0, NOW, ObjectKeys.upload(id), LATER), KEY,
				this.keys.keptUntil());
	}

	private StoredFile answered(FileId id) {
		assertThat(claim(ALICE, id).isMade()).isTrue();
		return answer(id, NOW);
	}

	private StoredFile answer(FileId id, Instant at) {
		StoredFile said = file(id);
		StoredFile file = new StoredFile(id, ALICE, said.method(), said.status(), said.purpose(), said.name(),
				said.contentType(), said.bytes(), at, said.expiresAt(), said.key(), said.crc32c());
		assertThat(complete(file, KEY)).isTrue();
		return file;
	}

	private boolean complete(StoredFile file, IdempotencyKey key) {
		return this.uploads.completeMultipart(file, key, Optional.of(Duration.ofHours(2)));
	}

	private static StoredFile file(FileId id) {
		return file(id, ALICE, Purpose.EVALS, Optional.of(LATER.plus(HOUR)));
	}

	private static IdempotencyKey.Asked asked() {
		return new IdempotencyKey.Asked(Purpose.EVALS, FileName.NONE, 7, Optional.of(Duration.ofHours(2)),
				OptionalLong.of(9), Optional.empty());
	}

	private IdempotencyKeys.Claim grant(FileId id) {
		StoredFile file = new StoredFile(id, ALICE, UploadMethod.PRESIGNED, FileStatus.PENDING, Purpose.CONTEXT,
				FileName.of("data.json"), "application/json", 0, NOW, Optional.empty(), ObjectKeys.staging(id),
				OptionalLong.empty());
		IdempotencyKey.Asked asked = new IdempotencyKey.Asked(file.purpose(), file.name(), 0, Optional.empty(),
				OptionalLong.empty(), Optional.empty());
		return this.keys.claim(ALICE, KEY, new IdempotencyKey.Use(id, UploadMethod.PRESIGNED, Optional.of(asked)),
				() -> this.uploads.addPresigned(file, LATER, this.slots.incrementAndGet()));
	}

	/** As the sweeper does with rows of deleted files. */
	private void removeAll() {
		Instant due = LATER.plus(DAY);
		this.sweeping.remove(this.sweeping.claimDue(due).stream().map((file) -> file.id()).toList(),
				due.plus(SweepRows.CLAIM));
	}

}
