package dev.stowage.upload;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

import dev.stowage.file.FileId;
import dev.stowage.file.FileName;
import dev.stowage.file.FileStatus;
import dev.stowage.file.ObjectKeys;
import dev.stowage.file.Purpose;
import dev.stowage.file.StoredFile;
import dev.stowage.file.UploadMethod;
import dev.stowage.storage.Checksum;
import dev.stowage.support.Together;
import dev.stowage.support.WithRows;
import dev.stowage.sweep.SweepRows;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** What uploads write into the rows of files, on each database. */
class UploadRepositoryTests extends WithRows {

	@Test
	void renewsMoreUploadsThanAStatementHasParameters() {
		List<FileId> all = new ArrayList<>();
		for (int i = 0; i < 70_000; i++) {
			all.add(nextId());
		}
		FileId first = pendingMultipart(NOW);
		FileId last = pendingMultipart(NOW);
		all.addFirst(first);
		all.addLast(last);
		assertThat(this.uploads.renew(Set.copyOf(all), LATER)).containsOnly(first, last);
	}

	@Test
	void renewsTheDeadlineOfAPendingUploadOnly() {
		FileId id = pendingMultipart(NOW);
		FileId other = pendingMultipart(NOW);
		FileId left = pendingMultipart(LATER);
		FileId finished = available(ALICE, Purpose.EVALS).id();
		assertThat(this.uploads.renew(Set.of(), LATER)).isEmpty();
		assertThat(this.uploads.renew(Set.of(id, other, finished, nextId()), LATER)).containsOnly(id, other);
		assertThat(this.sweeping.claimDue(LATER.minusSeconds(1))).isEmpty();
		assertThat(this.sweeping.claimDue(LATER)).extracting(SweepRows.Due::id)
			.containsExactlyInAnyOrder(id, other, left);
		assertThat(this.uploads.renew(Set.of(id), LATER)).isEmpty();
	}

	@Test
	void completesAnUploadOnceAndOnlyWhilePending() {
		FileId id = pendingMultipart(LATER);
		StoredFile file = file(id, ALICE, Purpose.EVALS, Optional.empty());
		assertThat(this.uploads.completeMultipart(file)).isTrue();
		assertThat(this.uploads.completeMultipart(file(id, ALICE, Purpose.VISION, Optional.of(LATER)))).isFalse();
		assertThat(this.files.find(ALICE, id, NOW)).contains(file);
		FileId swept = pendingMultipart(NOW);
		assertThat(this.sweeping.claimDue(NOW)).hasSize(1);
		assertThat(this.uploads.completeMultipart(file(swept, ALICE, Purpose.EVALS, Optional.empty()))).isFalse();
		assertThat(this.files.find(ALICE, swept, NOW)).isEmpty();
		assertThat(this.uploads.completeMultipart(file(nextId(), ALICE, Purpose.EVALS, Optional.empty()))).isFalse();
	}

	@Test
	void completesAPresignedFileOnceAndOnlyWhilePending() {
		FileId id = pendingPresigned(ALICE, Optional.empty()).id();
		assertThat(this.pending.complete(id, new Checksum(1, 7), ObjectKeys.copy(id, 1), NOW)).isTrue();
		assertThat(this.pending.complete(id, new Checksum(2, 7), ObjectKeys.copy(id, 2), NOW)).isFalse();
		assertThat(this.files.find(ALICE, id, NOW).orElseThrow().key()).isEqualTo(ObjectKeys.copy(id, 1));
		FileId deleted = pendingPresigned(ALICE, Optional.empty()).id();
		this.files.delete(ALICE, deleted, NOW);
		assertThat(this.pending.complete(deleted, new Checksum(1, 7), ObjectKeys.copy(deleted, 1), NOW)).isFalse();
		assertThat(this.files.find(ALICE, deleted, NOW)).isEmpty();
	}

	@Test
	void namesOneCopyAfterTheOtherWhilePending() {
		FileId id = pendingPresigned(ALICE, Optional.empty()).id();
		assertThat(this.pending.nameCopy(id, NOW)).isEqualTo(OptionalInt.of(1));
		assertThat(this.pending.nameCopy(id, NOW)).isEqualTo(OptionalInt.of(2));
		this.pending.complete(id, new Checksum(1, 7), ObjectKeys.copy(id, 2), NOW);
		assertThat(this.pending.nameCopy(id, NOW)).isEmpty();
		assertThat(this.pending.nameCopy(nextId(), NOW)).isEmpty();
		assertThat(this.sweeping.claimDue(NOW)).singleElement().extracting(SweepRows.Due::copies).isEqualTo(2);
	}

	@Test
	void givesASlotToOnePendingFileOfAnOwnerAtATime() {
		StoredFile first = pendingPresigned(ALICE, Optional.empty());
		int slot = this.pending.slots(ALICE).getFirst();
		StoredFile second = new StoredFile(nextId(), ALICE, UploadMethod.PRESIGNED, FileStatus.PENDING, Purpose.CONTEXT,
				FileName.of("data.json"), "application/json", 0, NOW, Optional.empty(), ObjectKeys.staging(first.id()),
				OptionalLong.empty());
		assertThat(this.uploads.addPresigned(second, LATER, slot)).isFalse();
		assertThat(this.files.find(ALICE, second.id(), NOW)).isEmpty();
		StoredFile foreign = new StoredFile(nextId(), BOB, UploadMethod.PRESIGNED, FileStatus.PENDING, Purpose.CONTEXT,
				FileName.of("data.json"), "application/json", 0, NOW, Optional.empty(), ObjectKeys.staging(first.id()),
				OptionalLong.empty());
		assertThat(this.uploads.addPresigned(foreign, LATER, slot)).isTrue();
		pendingMultipart(LATER);
		pendingMultipart(LATER);
		assertThat(this.pending.slots(ALICE)).containsExactly(slot);
		this.pending.complete(first.id(), new Checksum(1, 0), ObjectKeys.copy(first.id(), 1), NOW);
		assertThat(this.pending.slots(ALICE)).isEmpty();
		assertThat(this.uploads.addPresigned(second, LATER, slot)).isTrue();
	}

	@Test
	void letsOneCompleteUntilItsClaimEnds() throws Exception {
		FileId id = pendingPresigned(ALICE, Optional.empty()).id();
		assertThat(Together.run(8, () -> claim(id, "tag", NOW, NOW.plusSeconds(60)))).containsOnlyOnce(true).hasSize(8);
		assertThat(this.pending.renew(id, NOW.plusSeconds(60), NOW.plusSeconds(90), NOW)).isTrue();
		assertThat(claim(id, "tag", NOW.plusSeconds(89), NOW.plusSeconds(149))).isFalse();
		assertThat(claim(id, "tag", NOW.plusSeconds(90), NOW.plusSeconds(150))).isTrue();
		assertThat(this.pending.renew(id, NOW.plusSeconds(90), NOW.plusSeconds(200), NOW)).isFalse();
		this.pending.release(id, NOW.plusSeconds(90));
		assertThat(claim(id, "tag", NOW.plusSeconds(91), NOW.plusSeconds(151))).isFalse();
		this.pending.refuse(id, NOW.plusSeconds(150), "tag", "why");
		assertThat(claim(id, "tag", NOW.plusSeconds(91), NOW.plusSeconds(151))).isFalse();
		assertThat(this.pending.refusal(id, "tag")).contains("why");
		assertThat(this.pending.refusal(id, "other")).isEmpty();
		assertThat(claim(id, "other", NOW.plusSeconds(91), NOW.plusSeconds(151))).isTrue();
		this.pending.complete(id, new Checksum(1, 0), ObjectKeys.copy(id, 1), NOW);
		assertThat(claim(id, "other", NOW.plusSeconds(999), NOW.plusSeconds(1_000))).isFalse();
	}

	private boolean claim(FileId id, String etag, Instant now, Instant until) {
		return this.pending.claim(id, etag, now, until, now.plusSeconds(240));
	}

	@Test
	void keepsTheRowUntilTheCopyEndedButNeverShorter() {
		FileId id = pendingPresigned(ALICE, Optional.empty()).id();
		this.pending.nameCopy(id, NOW);
		this.pending.nameCopy(id, LATER.plusSeconds(60));
		this.pending.nameCopy(id, NOW);
		assertThat(this.sweeping.claimDue(LATER)).singleElement()
			.extracting(SweepRows.Due::uploadEndsAt)
			.isEqualTo(Optional.of(LATER.plusSeconds(60)));
	}

	@Test
	void keepsTheRowOfACopyForAsLongAsItsClaimIsRenewed() {
		FileId id = pendingPresigned(ALICE, Optional.empty()).id();
		claim(id, "tag", NOW, NOW.plusSeconds(60));
		this.pending.nameCopy(id, NOW);
		assertThat(this.pending.renew(id, NOW.plusSeconds(60), LATER.plusSeconds(90), LATER.plusSeconds(600))).isTrue();
		assertThat(this.sweeping.claimDue(LATER.plusSeconds(89))).isEmpty();
		assertThat(this.sweeping.claimDue(LATER.plusSeconds(90))).singleElement()
			.extracting(SweepRows.Due::uploadEndsAt)
			.isEqualTo(Optional.of(LATER.plusSeconds(600)));
	}

	@Test
	void givesUpAnUploadWhateverItsRowSays() {
		FileId pending = pendingMultipart(LATER);
		FileId completed = available(ALICE, Purpose.EVALS).id();
		FileId gone = nextId();
		for (FileId id : List.of(pending, completed, gone)) {
			this.uploads.abandon(id, ALICE, ObjectKeys.upload(id), NOW, LATER);
		}
		assertThat(list(ALICE, NOW)).isEmpty();
		assertThat(this.sweeping.claimDue(NOW)).hasSize(3).allSatisfy((leftover) -> {
			assertThat(leftover.method()).isEqualTo(UploadMethod.MULTIPART);
			assertThat(leftover.status()).isEqualTo(FileStatus.DELETING);
			assertThat(leftover.key()).isEqualTo(ObjectKeys.upload(leftover.id()));
			assertThat(leftover.uploadEndsAt()).contains(LATER);
		}).extracting(SweepRows.Due::id).containsExactlyInAnyOrder(pending, completed, gone);
	}

	@Test
	void letsExactlyOneOfManyComplete() throws Exception {
		FileId presigned = pendingPresigned(ALICE, Optional.empty()).id();
		StoredFile multipart = file(pendingMultipart(LATER), ALICE, Purpose.EVALS, Optional.empty());
		List<Boolean> presignedWon = Together.run(8,
				() -> this.pending.complete(presigned, new Checksum(1, 7), ObjectKeys.copy(presigned, 1), NOW));
		assertThat(presignedWon).containsOnlyOnce(true).hasSize(8);
		assertThat(Together.run(8, () -> this.uploads.completeMultipart(multipart))).containsOnlyOnce(true).hasSize(8);
	}

	@Test
	void givesEveryoneACopyOfItsOwn() throws Exception {
		FileId id = pendingPresigned(ALICE, Optional.empty()).id();
		assertThat(Together.run(8, () -> this.pending.nameCopy(id, NOW).orElseThrow())).containsExactlyInAnyOrder(1, 2,
				3, 4, 5, 6, 7, 8);
	}

}
