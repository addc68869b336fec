package dev.stowage.sweep;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import dev.stowage.file.FileId;
import dev.stowage.file.FileStatus;
import dev.stowage.file.ObjectKeys;
import dev.stowage.file.Purpose;
import dev.stowage.file.StoredFile;
import dev.stowage.file.UploadMethod;
import dev.stowage.support.DueRows;
import dev.stowage.support.Together;
import dev.stowage.support.WithRows;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Which rows of files the sweeper claims, and what it does with them, on each database.
 */
class SweepRepositoryTests extends WithRows {

	private static final Duration CLAIM = SweepRows.CLAIM;

	@Test
	void claimsWhatIsPendingPastItsDeadlineAndEndsIt() {
		FileId multipart = pendingMultipart(LATER);
		FileId presigned = pendingPresigned(ALICE, Optional.empty()).id();
		assertThat(claim(LATER.minusSeconds(1))).isEmpty();
		assertThat(this.files.find(ALICE, presigned, LATER)).isPresent();
		assertThat(claim(LATER)).allMatch((leftover) -> leftover.status() == FileStatus.DELETING)
			.extracting(DueFile::id)
			.containsExactlyInAnyOrder(multipart, presigned);
		assertThat(this.files.find(ALICE, presigned, LATER)).isEmpty();
	}

	@Test
	void claimsWhatExpiredAndEndsIt() {
		StoredFile expiring = available(nextId(), ALICE, Purpose.EVALS, Optional.of(LATER));
		available(ALICE, Purpose.EVALS);
		assertThat(claim(LATER.minusSeconds(1))).isEmpty();
		assertThat(claim(LATER)).singleElement().satisfies((leftover) -> {
			assertThat(leftover.id()).isEqualTo(expiring.id());
			assertThat(leftover.status()).isEqualTo(FileStatus.DELETING);
		});
	}

	@Test
	void claimsACompletedFileForWhatItLeftAndKeepsIt() {
		StoredFile file = completedPresigned(Optional.of(LATER.plusSeconds(60)));
		assertThat(claim(NOW)).singleElement().satisfies((leftover) -> {
			assertThat(leftover.status()).isEqualTo(FileStatus.AVAILABLE);
			assertThat(leftover.method()).isEqualTo(UploadMethod.PRESIGNED);
			assertThat(leftover.key()).isEqualTo(file.key());
			assertThat(leftover.uploadEndsAt()).contains(LATER);
		});
		assertThat(list(ALICE, NOW)).hasSize(1);
		assertThat(claim(LATER.plusSeconds(60))).singleElement()
			.extracting(DueFile::status)
			.isEqualTo(FileStatus.DELETING);
	}

	@Test
	void claimsTheLongestDueFirstAndNoMoreThanAskedFor() {
		FileId third = pendingMultipart(NOW.minusSeconds(1));
		FileId first = pendingMultipart(NOW.minusSeconds(3));
		FileId second = pendingMultipart(NOW.minusSeconds(2));
		assertThat(claim(NOW, 2)).extracting(DueFile::id).containsExactlyInAnyOrder(first, second);
		assertThat(claim(NOW, 2)).extracting(DueFile::id).containsExactly(third);
	}

	@Test
	void claimsDeletedFilesFirstThenExpiredOnesThenGrants() {
		DueRows.granted(this.database, "alice", 100, NOW.minusSeconds(9));
		DueRows.expired(this.database, "alice", 100, NOW.minusSeconds(8));
		DueRows.deleted(this.database, "bob", 60, NOW.minusSeconds(1));
		List<DueFile> batch = claim(NOW, 100);
		assertThat(batch).hasSize(100);
		assertThat(batch.subList(0, 60)).allMatch((file) -> file.owner().equals(BOB));
		assertThat(batch.subList(60, 90)).allMatch((file) -> file.method() == UploadMethod.MULTIPART);
		assertThat(batch.subList(90, 100)).allMatch((file) -> file.method() == UploadMethod.PRESIGNED);
	}

	@Test
	void keepsAPartOfABatchForWhatIsNotDeleted() {
		DueRows.deleted(this.database, "alice", 500, NOW.minusSeconds(9));
		DueRows.expired(this.database, "bob", 3, NOW);
		DueRows.granted(this.database, "bob", 200, NOW);
		List<DueFile> batch = claim(NOW, 100);
		assertThat(batch.stream().filter((file) -> file.owner().equals(ALICE))).hasSize(80);
		assertThat(batch.stream().filter((file) -> file.method() == UploadMethod.PRESIGNED)).hasSize(17);
	}

	@Test
	void claimsForEveryOwnerInTurnThoughOneHasThousands() {
		DueRows.deleted(this.database, "alice", 3000, NOW.minusSeconds(9));
		DueRows.deleted(this.database, "bob", 3, NOW);
		DueRows.deleted(this.database, "carol", 1, NOW);
		List<String> owners = claim(NOW, 100).stream().map((file) -> file.owner().name()).toList();
		assertThat(owners).hasSize(80);
		assertThat(owners.subList(0, 7)).filteredOn((owner) -> owner.equals("alice")).hasSize(3);
	}

	@Test
	void claimsForMoreOwnersThanFitABatchOneAfterTheOther() {
		for (int owner = 0; owner < 130; owner++) {
			DueRows.deleted(this.database, "owner" + owner, 2, NOW);
		}
		DueFiles due = new DueFiles(this.sweeping);
		List<String> owners = new ArrayList<>();
		for (int batch = 1; batch <= 8; batch++) {
			due.claim(true, NOW, NOW.plus(CLAIM), 50).forEach((file) -> owners.add(file.owner().name()));
			if (batch == 4) {
				assertThat(owners.stream().distinct()).hasSize(130);
			}
		}
		assertThat(owners).hasSize(260);
	}

	@Test
	void findsTheOneOwnerThatHasManyDueFilesAmongThousandsThatHaveNone() {
		this.database.jdbc()
			.sql("""
					INSERT INTO file (id, owner, style, status, bytes, created_at, expires_at, object_key, copies, sweep_at)
					WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < :owners)
					SELECT 'file-' || n, 'owner' || n, 'MULTIPART', 'AVAILABLE', 1, 0, :later, 'files/' || n, 0, :later
					FROM numbers""")
			.param("owners", OwnersDue.LOOKED_AT + 5)
			.param("later", LATER.getEpochSecond())
			.update();
		DueRows.expired(this.database, "zoe", 1_100, NOW);
		OwnersDue first = this.sweeping.ownersDue(FileStatus.AVAILABLE, "", NOW, 100);
		assertThat(first.owners()).isEmpty();
		String last = first.next().orElseThrow();
		assertThat(this.sweeping.ownersDue(FileStatus.AVAILABLE, last, NOW, 100))
			.isEqualTo(new OwnersDue(List.of("zoe"), Optional.empty()));
		assertThat(claim(NOW)).hasSize(90).allMatch((file) -> file.owner().name().equals("zoe"));
		DueRows.expired(this.database, last, 1, NOW);
		assertThat(this.sweeping.ownersDue(FileStatus.AVAILABLE, "", NOW, 100)).as("others may follow the last one")
			.isEqualTo(new OwnersDue(List.of(last), Optional.of(last)));
	}

	@Test
	void findsOwnersByTheirDueRowsWhileTheseAreFew() {
		DueRows.expired(this.database, "alice", 1, NOW.plusSeconds(1));
		DueRows.expired(this.database, "bob", 2, NOW);
		DueRows.deleted(this.database, "carol", 2, NOW);
		assertThat(this.sweeping.ownersOfFew(FileStatus.AVAILABLE, NOW)).contains(Set.of("bob"));
		assertThat(this.sweeping.ownersOfFew(FileStatus.DELETING, NOW)).contains(Set.of("carol"));
		assertThat(this.sweeping.ownersOfFew(FileStatus.PENDING, NOW)).contains(Set.of());
		this.sweeping.claim(FileStatus.AVAILABLE, List.of("bob"), NOW, NOW.plusSeconds(1), 10);
		assertThat(this.sweeping.ownersOfFew(FileStatus.DELETING, NOW.plusSeconds(1))).as("not what failed before")
			.contains(Set.of("carol"));
		DueRows.deleted(this.database, "carol", 1_000, NOW);
		assertThat(this.sweeping.ownersOfFew(FileStatus.DELETING, NOW)).isEmpty();
	}

	@Test
	void countsAvailableFilesNoFurtherThanAsked() {
		ShareRepository share = new ShareRepository(this.database.jdbc());
		DueRows.expired(this.database, "alice", 7, NOW);
		DueRows.deleted(this.database, "alice", 2, NOW);
		assertThat(share.available(5)).isEqualTo(5);
		assertThat(share.available(Long.MAX_VALUE)).isEqualTo(7);
		assertThat(share.expired(NOW)).isEqualTo(7);
		assertThat(share.areDue(9, NOW)).isTrue();
		assertThat(share.areDue(10, NOW)).isFalse();
	}

	@Test
	void givesBackWhatWasNotTriedAndCountsWhatFailed() {
		DueRows.deleted(this.database, "alice", 2, NOW);
		List<FileId> ids = claim(NOW).stream().map(DueFile::id).toList();
		this.sweeping.release(ids.subList(0, 1), NOW.plus(CLAIM), NOW);
		this.sweeping.failed(ids.subList(1, 2), NOW.plus(CLAIM), LATER);
		assertThat(claim(NOW)).singleElement().satisfies((file) -> {
			assertThat(file.id()).isEqualTo(ids.getFirst());
			assertThat(file.attempts()).isEqualTo(1);
		});
		assertThat(claim(LATER)).hasSize(2).extracting(DueFile::attempts).containsOnly(2);
	}

	@Test
	void changesNothingOfWhatAnotherHasClaimedSince() {
		DueRows.deleted(this.database, "alice", 1, NOW);
		List<FileId> ids = claim(NOW).stream().map(DueFile::id).toList();
		Instant first = NOW.plus(CLAIM);
		assertThat(claim(first)).hasSize(1);
		this.sweeping.release(ids, first, NOW);
		this.sweeping.failed(ids, first, NOW);
		this.sweeping.tidied(ids, first, NOW);
		this.sweeping.keepWhileOpen(ids, first);
		this.sweeping.remove(ids, first);
		assertThat(claim(first.plus(CLAIM).minusSeconds(1))).isEmpty();
		assertThat(claim(first.plus(CLAIM))).singleElement().extracting(DueFile::attempts).isEqualTo(3);
	}

	@Test
	void claimsAgainOnlyWhatRanOut() {
		FileId id = pendingMultipart(NOW);
		assertThat(claim(NOW)).hasSize(1);
		assertThat(claim(NOW.plus(CLAIM).minusSeconds(1))).isEmpty();
		assertThat(claim(NOW.plus(CLAIM))).extracting(DueFile::id).containsExactly(id);
	}

	@Test
	void claimsNoRowForTwoOfFourWhoClaimAtOnce() throws Exception {
		for (int i = 0; i < 500; i++) {
			pendingMultipart(NOW.minusSeconds(i % 50));
		}
		List<List<FileId>> claimed = Together.run(4, () -> {
			List<FileId> mine = new ArrayList<>();
			List<DueFile> batch = claim(NOW, 20);
			while (!batch.isEmpty()) {
				batch.forEach((leftover) -> mine.add(leftover.id()));
				batch = claim(NOW, 20);
			}
			return mine;
		});
		assertThat(claimed.stream().flatMap(List::stream)).hasSize(500).doesNotHaveDuplicates();
	}

	@Test
	void removesOnlyWhatIsBeingDeletedUnderTheClaim() {
		StoredFile file = available(ALICE, Purpose.EVALS);
		FileId pending = pendingMultipart(LATER);
		this.sweeping.remove(List.of(file.id()), LATER);
		this.sweeping.remove(List.of(pending), LATER);
		assertThat(this.database.rows()).isEqualTo(2);
		this.files.delete(ALICE, file.id(), NOW);
		claim(NOW);
		this.sweeping.remove(List.of(file.id()), NOW);
		assertThat(this.database.rows()).isEqualTo(2);
		this.sweeping.remove(List.of(file.id()), NOW.plus(CLAIM));
		assertThat(this.database.rows()).isOne();
	}

	@Test
	void doesNotRemoveARowThatWasGivenUpAgainAfterItsClaim() {
		FileId id = pendingMultipart(NOW);
		claim(NOW);
		this.uploads.abandon(id, ALICE, ObjectKeys.upload(id), NOW, NOW);
		this.sweeping.remove(List.of(id), NOW.plus(CLAIM));
		assertThat(claim(NOW)).extracting(DueFile::id).containsExactly(id);
	}

	@Test
	void looksAgainWhenTold() {
		FileId id = completedPresigned(Optional.empty()).id();
		claim(NOW);
		this.sweeping.tidied(List.of(id), NOW.plus(CLAIM), NOW);
		assertThat(claim(LATER.minusSeconds(1))).isEmpty();
		assertThat(claim(LATER)).singleElement().extracting(DueFile::attempts).isEqualTo(1);
		this.sweeping.tidied(List.of(id), LATER.plus(CLAIM), LATER);
		assertThat(claim(LATER.plus(Duration.ofDays(10_000)))).isEmpty();
	}

	@Test
	void doesNotUndoADeleteThatCameBetween() {
		FileId id = completedPresigned(Optional.empty()).id();
		claim(NOW);
		this.files.delete(ALICE, id, NOW);
		this.sweeping.tidied(List.of(id), NOW.plus(CLAIM), NOW);
		assertThat(claim(NOW)).singleElement().extracting(DueFile::status).isEqualTo(FileStatus.DELETING);
	}

	private List<DueFile> claim(Instant now) {
		return claim(now, 100);
	}

	private List<DueFile> claim(Instant now, int limit) {
		return this.sweeping.all(now, limit);
	}

}
