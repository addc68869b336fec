package dev.stowage.file;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

import dev.stowage.owner.Owner;
import dev.stowage.storage.Checksum;
import dev.stowage.storage.ObjectKey;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** What the rows of files do, in whichever database. */
abstract class FileRepositoryContract {

	static final Owner ALICE = new Owner("alice");

	static final Owner BOB = new Owner("bob");

	static final Instant NOW = Instant.ofEpochSecond(1_760_329_882);

	private static final Instant LATER = NOW.plusSeconds(3600);

	private static final Duration CLAIM = Duration.ofMinutes(2);

	private int numbered;

	FileRepository files;

	UploadRepository uploads;

	SweepRepository sweeping;

	/** An empty database. */
	abstract TestDatabase database();

	@BeforeEach
	void setUp() {
		this.files = database().files();
		this.uploads = database().uploads();
		this.sweeping = database().sweeping();
	}

	@Test
	void findsAFileAsItWasCompleted() {
		FileId id = nextId();
		StoredFile file = new StoredFile(id, ALICE, Style.MULTIPART, FileStatus.AVAILABLE, Purpose.FINE_TUNE,
				FileName.of("Größe 📦.jsonl"), 5_000_000_000L, NOW, Optional.of(LATER), ObjectKeys.upload(id),
				OptionalLong.of(0xFFFF_FFFFL));
		this.uploads.addMultipart(id, ALICE, NOW, file.key(), LATER);
		assertThat(this.uploads.completeMultipart(file)).isTrue();
		assertThat(this.files.find(ALICE, id, NOW)).contains(file);
		assertThat(list(ALICE, NOW)).containsExactly(file);
	}

	@Test
	void findsAPresignedFileWhilePendingAndUnderItsCopyAfterwards() {
		StoredFile pending = pendingPresigned(ALICE, Optional.of(LATER));
		assertThat(this.files.find(ALICE, pending.id(), NOW)).contains(pending);
		ObjectKey copy = ObjectKeys.copy(pending.id(), 1);
		assertThat(this.uploads.completePresigned(pending.id(), new Checksum(42, 7), copy, NOW)).isTrue();
		assertThat(this.files.find(ALICE, pending.id(), NOW))
			.contains(new StoredFile(pending.id(), ALICE, Style.PRESIGNED, FileStatus.AVAILABLE, pending.purpose(),
					pending.name(), 42, pending.createdAt(), pending.expiresAt(), copy, OptionalLong.of(7)));
	}

	@Test
	void keepsTimesToTheSecond() {
		FileId id = nextId();
		Instant half = NOW.plusMillis(500);
		StoredFile file = file(id, ALICE, Purpose.VISION, Optional.of(half.plusSeconds(60)));
		this.uploads.addMultipart(id, ALICE, half, file.key(), half);
		this.uploads.completeMultipart(file);
		StoredFile found = this.files.find(ALICE, id, NOW).orElseThrow();
		assertThat(found.createdAt()).isEqualTo(NOW);
		assertThat(found.expiresAt()).contains(NOW.plusSeconds(60));
		assertThat(this.files.find(ALICE, id, NOW.plusMillis(59_999))).isPresent();
		assertThat(this.files.find(ALICE, id, NOW.plusSeconds(60))).isEmpty();
	}

	@Test
	void showsAFileToNobodyButItsOwner() {
		StoredFile file = available(ALICE, Purpose.EVALS);
		StoredFile pending = pendingPresigned(ALICE, Optional.empty());
		assertThat(this.files.find(BOB, file.id(), NOW)).isEmpty();
		assertThat(this.files.find(BOB, pending.id(), NOW)).isEmpty();
		assertThat(list(BOB, NOW)).isEmpty();
		assertThat(this.files.delete(BOB, file.id(), NOW)).isFalse();
		assertThat(this.files.delete(BOB, pending.id(), NOW)).isFalse();
		assertThat(this.files.find(ALICE, file.id(), NOW)).contains(file);
		assertThat(this.files.find(ALICE, pending.id(), NOW)).contains(pending);
	}

	@Test
	void showsAnUploadThroughUsToNobodyBeforeItsEnd() {
		FileId id = pendingMultipart(LATER);
		assertThat(this.files.find(ALICE, id, NOW)).isEmpty();
		assertThat(list(ALICE, NOW)).isEmpty();
		assertThat(this.files.delete(ALICE, id, NOW)).isFalse();
		assertThat(this.uploads.renew(Set.of(id), LATER)).containsOnly(id);
	}

	@Test
	void showsAPendingPresignedFileButDoesNotListIt() {
		StoredFile pending = pendingPresigned(ALICE, Optional.empty());
		assertThat(this.files.find(ALICE, pending.id(), NOW)).contains(pending);
		assertThat(list(ALICE, NOW)).isEmpty();
		assertThat(this.files.delete(ALICE, pending.id(), NOW)).isTrue();
		assertThat(this.files.find(ALICE, pending.id(), NOW)).isEmpty();
	}

	@Test
	void showsNothingFromTheSecondOfItsExpiryOnThoughUnswept() {
		StoredFile file = available(nextId(), ALICE, Purpose.EVALS, Optional.of(LATER));
		StoredFile pending = pendingPresigned(ALICE, Optional.of(LATER));
		Instant before = LATER.minusSeconds(1);
		assertThat(this.files.find(ALICE, file.id(), before)).isPresent();
		assertThat(this.files.find(ALICE, pending.id(), before)).isPresent();
		assertThat(list(ALICE, before)).containsExactly(file);
		assertThat(this.files.find(ALICE, file.id(), LATER)).isEmpty();
		assertThat(this.files.find(ALICE, pending.id(), LATER)).isEmpty();
		assertThat(list(ALICE, LATER)).isEmpty();
		assertThat(this.files.list(ALICE, new FileQuery(Optional.of(Purpose.EVALS), Optional.empty(), 10, true), LATER))
			.isEmpty();
		assertThat(this.files.delete(ALICE, file.id(), LATER)).isFalse();
		assertThat(this.files.delete(ALICE, pending.id(), LATER)).isFalse();
	}

	@Test
	void deletesOnce() {
		StoredFile file = available(ALICE, Purpose.EVALS);
		assertThat(this.files.delete(ALICE, file.id(), NOW)).isTrue();
		assertThat(this.files.find(ALICE, file.id(), NOW)).isEmpty();
		assertThat(list(ALICE, NOW)).isEmpty();
		assertThat(this.files.delete(ALICE, file.id(), NOW)).isFalse();
		assertThat(claim(NOW)).singleElement().satisfies((leftover) -> {
			assertThat(leftover.id()).isEqualTo(file.id());
			assertThat(leftover.status()).isEqualTo(FileStatus.DELETING);
			assertThat(leftover.key()).isEqualTo(file.key());
		});
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void listsOneMoreThanTheLimitInTheOrderAskedFor(boolean newestFirst) {
		List<StoredFile> all = new ArrayList<>();
		for (int i = 0; i < 7; i++) {
			all.add(available(ALICE, Purpose.EVALS));
			available(BOB, Purpose.EVALS);
		}
		List<StoredFile> expected = newestFirst ? all.reversed() : all;
		FileQuery three = new FileQuery(Optional.empty(), Optional.empty(), 3, newestFirst);
		assertThat(this.files.list(ALICE, three, NOW)).isEqualTo(expected.subList(0, 4));
		FileQuery seven = new FileQuery(Optional.empty(), Optional.empty(), 7, newestFirst);
		assertThat(this.files.list(ALICE, seven, NOW)).isEqualTo(expected);
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void pagesBehindACursorWithinOnePurpose(boolean newestFirst) {
		List<StoredFile> evals = new ArrayList<>();
		for (int i = 0; i < 5; i++) {
			evals.add(available(ALICE, Purpose.EVALS));
			available(ALICE, Purpose.VISION);
		}
		List<StoredFile> expected = newestFirst ? evals.reversed() : evals;
		List<StoredFile> paged = new ArrayList<>();
		Optional<FileId> after = Optional.empty();
		boolean more = true;
		while (more) {
			List<StoredFile> page = this.files.list(ALICE,
					new FileQuery(Optional.of(Purpose.EVALS), after, 2, newestFirst), NOW);
			more = page.size() > 2;
			paged.addAll(page.subList(0, Math.min(2, page.size())));
			after = Optional.of(paged.getLast().id());
		}
		assertThat(paged).isEqualTo(expected);
	}

	@Test
	void startsBehindAnyIdWhoseverAndWhetherOrNotItExists() {
		StoredFile first = available(ALICE, Purpose.EVALS);
		StoredFile deleted = available(ALICE, Purpose.EVALS);
		StoredFile second = available(ALICE, Purpose.EVALS);
		StoredFile foreign = available(BOB, Purpose.EVALS);
		StoredFile third = available(ALICE, Purpose.EVALS);
		FileId never = nextId();
		StoredFile fourth = available(ALICE, Purpose.EVALS);
		this.files.delete(ALICE, deleted.id(), NOW);
		assertThat(listAfter(deleted.id(), false)).containsExactly(second, third, fourth);
		assertThat(listAfter(deleted.id(), true)).containsExactly(first);
		assertThat(listAfter(foreign.id(), false)).containsExactly(third, fourth);
		assertThat(listAfter(foreign.id(), true)).containsExactly(second, first);
		assertThat(listAfter(never, false)).containsExactly(fourth);
		assertThat(listAfter(never, true)).containsExactly(third, second, first);
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void listsFilesInTheOrderInWhichTheyBecameAvailable(boolean newestFirst) {
		List<StoredFile> begun = new ArrayList<>();
		for (int i = 0; i < 5; i++) {
			begun.add(file(pendingMultipart(LATER), ALICE, Purpose.EVALS, Optional.empty()));
		}
		List<StoredFile> ended = List.of(begun.get(3), begun.get(0), begun.get(4), begun.get(2), begun.get(1));
		ended.forEach((file) -> assertThat(this.uploads.completeMultipart(file)).isTrue());
		assertThat(this.files.list(ALICE, new FileQuery(Optional.empty(), Optional.empty(), 9, newestFirst), NOW))
			.isEqualTo(newestFirst ? ended.reversed() : ended);
		for (int i = 0; i < 5; i++) {
			assertThat(listAfter(ended.get(i).id(), newestFirst))
				.isEqualTo(newestFirst ? ended.subList(0, i).reversed() : ended.subList(i + 1, 5));
		}
	}

	@Test
	void showsAReaderBehindItsCursorWhatBeganBeforeAndEndedAfter() {
		FileId early = pendingMultipart(LATER);
		StoredFile seen = available(ALICE, Purpose.EVALS);
		assertThat(list(ALICE, NOW)).containsExactly(seen);
		StoredFile late = file(early, ALICE, Purpose.EVALS, Optional.empty());
		this.uploads.completeMultipart(late);
		assertThat(listAfter(seen.id(), false)).containsExactly(late);
	}

	@Test
	void knowsThePlaceOfAFileWhoseRowIsGone() {
		FileId early = pendingMultipart(LATER);
		List<StoredFile> files = new ArrayList<>();
		for (int i = 0; i < 4; i++) {
			files.add(available(ALICE, Purpose.EVALS));
		}
		files.add(file(early, ALICE, Purpose.EVALS, Optional.empty()));
		this.uploads.completeMultipart(files.getLast());
		for (StoredFile gone : List.of(files.get(1), files.getLast())) {
			this.files.delete(ALICE, gone.id(), NOW);
			claim(NOW);
			this.sweeping.remove(List.of(gone.id()), NOW.plus(CLAIM));
		}
		assertThat(database().rows()).isEqualTo(3);
		assertThat(listAfter(files.get(1).id(), false)).containsExactly(files.get(2), files.get(3));
		assertThat(listAfter(files.get(1).id(), true)).containsExactly(files.getFirst());
		StoredFile next = available(ALICE, Purpose.EVALS);
		assertThat(listAfter(early, false)).containsExactly(next);
		assertThat(listAfter(early, true)).containsExactly(files.get(3), files.get(2), files.getFirst());
	}

	@Test
	void forgetsThePlacesOfFilesThatAreLongGoneAndThenRatherRepeatsThanSkips() {
		FileId early = pendingMultipart(LATER);
		StoredFile first = available(ALICE, Purpose.EVALS);
		StoredFile gone = available(ALICE, Purpose.EVALS);
		StoredFile second = available(ALICE, Purpose.EVALS);
		StoredFile last = file(early, ALICE, Purpose.EVALS, Optional.empty());
		this.uploads.completeMultipart(last);
		removeRow(gone);
		assertThat(listAfter(gone.id(), false)).containsExactly(second, last);
		database().jdbc().sql("UPDATE removed_file SET removed_at = removed_at - 604801").update();
		removeRow(available(ALICE, Purpose.EVALS));
		assertThat(database().jdbc().sql("SELECT count(*) FROM removed_file").query(Integer.class).single()).isOne();
		assertThat(listAfter(gone.id(), false)).containsExactly(second, last);
		removeRow(first);
		// only the upload that took longest is older than the cursor, by its id
		assertThat(listAfter(gone.id(), false)).containsExactly(second, last);
		assertThat(listAfter(gone.id(), true)).containsExactly(last, second);
	}

	private void removeRow(StoredFile file) {
		this.files.delete(ALICE, file.id(), NOW);
		claim(NOW);
		this.sweeping.remove(List.of(file.id()), NOW.plus(CLAIM));
	}

	@Test
	void takesNoPositionTwiceThoughTheLastFileIsGone() {
		StoredFile first = available(ALICE, Purpose.EVALS);
		StoredFile gone = available(ALICE, Purpose.EVALS);
		removeRow(gone);
		StoredFile next = available(ALICE, Purpose.EVALS);
		assertThat(listAfter(gone.id(), false)).containsExactly(next);
		assertThat(listAfter(first.id(), false)).containsExactly(next);
	}

	@ParameterizedTest
	@ValueSource(strings = { "style", "status", "purpose" })
	void passesByRowsOfANewerVersion(String column) {
		List<StoredFile> known = new ArrayList<>();
		List<StoredFile> unknown = new ArrayList<>();
		for (int i = 0; i < 6; i++) {
			known.add(available(ALICE, Purpose.EVALS));
			unknown.add(available(nextId(), ALICE, Purpose.EVALS, Optional.of(NOW.plusSeconds(60))));
		}
		unknown.forEach((file) -> database().jdbc()
			.sql("UPDATE file SET " + column + " = 'OF_TOMORROW' WHERE id = ?")
			.param(file.id().value())
			.update());
		assertThat(list(ALICE, NOW)).isEqualTo(known.reversed());
		for (int limit = 1; limit < 8; limit++) {
			assertThat(this.files.list(ALICE, new FileQuery(Optional.empty(), Optional.empty(), limit, false), NOW))
				.isEqualTo(known.subList(0, Math.min(6, limit + 1)));
		}
		for (StoredFile file : unknown) {
			assertThat(this.files.find(ALICE, file.id(), NOW)).isEmpty();
			assertThat(this.files.delete(ALICE, file.id(), NOW)).isFalse();
		}
		FileId due = pendingMultipart(LATER);
		List<FileId> claimed = claim(LATER).stream().map(DueFile::id).toList();
		if (column.equals("purpose")) {
			// of which the sweeper need not know what it is for
			assertThat(claimed).hasSize(7).contains(due);
		}
		else {
			assertThat(claimed).containsExactly(due);
			assertThat(claim(LATER, 1)).isEmpty();
			assertThat(this.sweeping.unknown(LATER, 100)).isEqualTo(6);
			assertThat(database().rows()).isEqualTo(13);
		}
	}

	@Test
	void sortsIdsByTheirBytes() {
		List<FileId> inOrder = List.of(spelled("0"), spelled("9"), spelled("A"), spelled("B"), spelled("Z"),
				spelled("a"), spelled("aB"), spelled("aZ"), spelled("aa"), spelled("b"), spelled("z"));
		for (FileId id : inOrder.reversed()) {
			available(id, ALICE, Purpose.EVALS, Optional.empty());
		}
		// as the version left them that took no positions
		database().jdbc().sql("UPDATE file SET position = 0").update();
		assertThat(list(ALICE, NOW).reversed()).extracting(StoredFile::id).isEqualTo(inOrder);
		assertThat(listAfter(spelled("a"), false)).extracting(StoredFile::id).isEqualTo(inOrder.subList(6, 11));
		assertThat(listAfter(spelled("Z"), true)).extracting(StoredFile::id)
			.isEqualTo(inOrder.subList(0, 4).reversed());
	}

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
		assertThat(claim(LATER.minusSeconds(1))).isEmpty();
		assertThat(claim(LATER)).extracting(DueFile::id).containsExactlyInAnyOrder(id, other, left);
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
		assertThat(claim(NOW)).hasSize(1);
		assertThat(this.uploads.completeMultipart(file(swept, ALICE, Purpose.EVALS, Optional.empty()))).isFalse();
		assertThat(this.files.find(ALICE, swept, NOW)).isEmpty();
		assertThat(this.uploads.completeMultipart(file(nextId(), ALICE, Purpose.EVALS, Optional.empty()))).isFalse();
	}

	@Test
	void completesAPresignedFileOnceAndOnlyWhilePending() {
		FileId id = pendingPresigned(ALICE, Optional.empty()).id();
		assertThat(this.uploads.completePresigned(id, new Checksum(1, 7), ObjectKeys.copy(id, 1), NOW)).isTrue();
		assertThat(this.uploads.completePresigned(id, new Checksum(2, 7), ObjectKeys.copy(id, 2), NOW)).isFalse();
		assertThat(this.files.find(ALICE, id, NOW).orElseThrow().key()).isEqualTo(ObjectKeys.copy(id, 1));
		FileId deleted = pendingPresigned(ALICE, Optional.empty()).id();
		this.files.delete(ALICE, deleted, NOW);
		assertThat(this.uploads.completePresigned(deleted, new Checksum(1, 7), ObjectKeys.copy(deleted, 1), NOW))
			.isFalse();
		assertThat(this.files.find(ALICE, deleted, NOW)).isEmpty();
	}

	@Test
	void namesOneCopyAfterTheOtherWhilePending() {
		FileId id = pendingPresigned(ALICE, Optional.empty()).id();
		assertThat(this.uploads.nameCopy(id, NOW)).isEqualTo(OptionalInt.of(1));
		assertThat(this.uploads.nameCopy(id, NOW)).isEqualTo(OptionalInt.of(2));
		this.uploads.completePresigned(id, new Checksum(1, 7), ObjectKeys.copy(id, 2), NOW);
		assertThat(this.uploads.nameCopy(id, NOW)).isEmpty();
		assertThat(this.uploads.nameCopy(nextId(), NOW)).isEmpty();
		assertThat(claim(NOW)).singleElement().extracting(DueFile::copies).isEqualTo(2);
	}

	@Test
	void givesASlotToOnePendingFileOfAnOwnerAtATime() {
		StoredFile first = pendingPresigned(ALICE, Optional.empty());
		int slot = this.uploads.pendingSlots(ALICE).getFirst();
		StoredFile second = new StoredFile(nextId(), ALICE, Style.PRESIGNED, FileStatus.PENDING, Purpose.CONTEXT,
				FileName.of("data.json"), 0, NOW, Optional.empty(), ObjectKeys.staging(first.id()),
				OptionalLong.empty());
		assertThat(this.uploads.addPresigned(second, LATER, slot)).isFalse();
		assertThat(this.files.find(ALICE, second.id(), NOW)).isEmpty();
		StoredFile foreign = new StoredFile(nextId(), BOB, Style.PRESIGNED, FileStatus.PENDING, Purpose.CONTEXT,
				FileName.of("data.json"), 0, NOW, Optional.empty(), ObjectKeys.staging(first.id()),
				OptionalLong.empty());
		assertThat(this.uploads.addPresigned(foreign, LATER, slot)).isTrue();
		pendingMultipart(LATER);
		pendingMultipart(LATER);
		assertThat(this.uploads.pendingSlots(ALICE)).containsExactly(slot);
		this.uploads.completePresigned(first.id(), new Checksum(1, 0), ObjectKeys.copy(first.id(), 1), NOW);
		assertThat(this.uploads.pendingSlots(ALICE)).isEmpty();
		assertThat(this.uploads.addPresigned(second, LATER, slot)).isTrue();
	}

	@Test
	void letsOneCompleteUntilItsClaimEnds() throws Exception {
		FileId id = pendingPresigned(ALICE, Optional.empty()).id();
		assertThat(Together.run(8, () -> claim(id, "tag", NOW, NOW.plusSeconds(60)))).containsOnlyOnce(true).hasSize(8);
		assertThat(this.uploads.renewClaim(id, NOW.plusSeconds(60), NOW.plusSeconds(90))).isTrue();
		assertThat(claim(id, "tag", NOW.plusSeconds(89), NOW.plusSeconds(149))).isFalse();
		assertThat(claim(id, "tag", NOW.plusSeconds(90), NOW.plusSeconds(150))).isTrue();
		assertThat(this.uploads.renewClaim(id, NOW.plusSeconds(90), NOW.plusSeconds(200))).isFalse();
		this.uploads.releaseClaim(id, NOW.plusSeconds(90));
		assertThat(claim(id, "tag", NOW.plusSeconds(91), NOW.plusSeconds(151))).isFalse();
		this.uploads.refuse(id, NOW.plusSeconds(150), "tag", "why");
		assertThat(claim(id, "tag", NOW.plusSeconds(91), NOW.plusSeconds(151))).isFalse();
		assertThat(this.uploads.refusal(id, "tag")).contains("why");
		assertThat(this.uploads.refusal(id, "other")).isEmpty();
		assertThat(claim(id, "other", NOW.plusSeconds(91), NOW.plusSeconds(151))).isTrue();
		this.uploads.completePresigned(id, new Checksum(1, 0), ObjectKeys.copy(id, 1), NOW);
		assertThat(claim(id, "other", NOW.plusSeconds(999), NOW.plusSeconds(1_000))).isFalse();
	}

	private boolean claim(FileId id, String etag, Instant now, Instant until) {
		return this.uploads.claimCompletion(id, etag, now, until, now.plusSeconds(240));
	}

	@Test
	void keepsTheRowUntilTheCopyEndedButNeverShorter() {
		FileId id = pendingPresigned(ALICE, Optional.empty()).id();
		this.uploads.nameCopy(id, NOW);
		this.uploads.nameCopy(id, LATER.plusSeconds(60));
		this.uploads.nameCopy(id, NOW);
		assertThat(claim(LATER)).singleElement()
			.extracting(DueFile::uploadEndsAt)
			.isEqualTo(Optional.of(LATER.plusSeconds(60)));
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
		assertThat(claim(NOW)).hasSize(3).allSatisfy((leftover) -> {
			assertThat(leftover.style()).isEqualTo(Style.MULTIPART);
			assertThat(leftover.status()).isEqualTo(FileStatus.DELETING);
			assertThat(leftover.key()).isEqualTo(ObjectKeys.upload(leftover.id()));
			assertThat(leftover.uploadEndsAt()).contains(LATER);
		}).extracting(DueFile::id).containsExactlyInAnyOrder(pending, completed, gone);
	}

	@Test
	void letsExactlyOneOfManyComplete() throws Exception {
		FileId presigned = pendingPresigned(ALICE, Optional.empty()).id();
		StoredFile multipart = file(pendingMultipart(LATER), ALICE, Purpose.EVALS, Optional.empty());
		List<Boolean> presignedWon = Together.run(8, () -> this.uploads.completePresigned(presigned, new Checksum(1, 7),
				ObjectKeys.copy(presigned, 1), NOW));
		assertThat(presignedWon).containsOnlyOnce(true).hasSize(8);
		assertThat(Together.run(8, () -> this.uploads.completeMultipart(multipart))).containsOnlyOnce(true).hasSize(8);
	}

	@Test
	void givesEveryoneACopyOfItsOwn() throws Exception {
		FileId id = pendingPresigned(ALICE, Optional.empty()).id();
		assertThat(Together.run(8, () -> this.uploads.nameCopy(id, NOW).orElseThrow())).containsExactlyInAnyOrder(1, 2,
				3, 4, 5, 6, 7, 8);
	}

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
			assertThat(leftover.style()).isEqualTo(Style.PRESIGNED);
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
		DueRows.granted(database(), "alice", 100, NOW.minusSeconds(9));
		DueRows.expired(database(), "alice", 100, NOW.minusSeconds(8));
		DueRows.deleted(database(), "bob", 60, NOW.minusSeconds(1));
		List<DueFile> batch = claim(NOW, 100);
		assertThat(batch).hasSize(100);
		assertThat(batch.subList(0, 60)).allMatch((file) -> file.owner().equals(BOB));
		assertThat(batch.subList(60, 90)).allMatch((file) -> file.style() == Style.MULTIPART);
		assertThat(batch.subList(90, 100)).allMatch((file) -> file.style() == Style.PRESIGNED);
	}

	@Test
	void keepsAPartOfABatchForWhatIsNotDeleted() {
		DueRows.deleted(database(), "alice", 500, NOW.minusSeconds(9));
		DueRows.expired(database(), "bob", 3, NOW);
		DueRows.granted(database(), "bob", 200, NOW);
		List<DueFile> batch = claim(NOW, 100);
		assertThat(batch.stream().filter((file) -> file.owner().equals(ALICE))).hasSize(80);
		assertThat(batch.stream().filter((file) -> file.style() == Style.PRESIGNED)).hasSize(17);
	}

	@Test
	void claimsForEveryOwnerInTurnThoughOneHasThousands() {
		DueRows.deleted(database(), "alice", 3000, NOW.minusSeconds(9));
		DueRows.deleted(database(), "bob", 3, NOW);
		DueRows.deleted(database(), "carol", 1, NOW);
		List<String> owners = claim(NOW, 100).stream().map((file) -> file.owner().name()).toList();
		assertThat(owners).hasSize(80);
		assertThat(owners.subList(0, 7)).filteredOn((owner) -> owner.equals("alice")).hasSize(3);
	}

	@Test
	void claimsForMoreOwnersThanFitABatchOneAfterTheOther() {
		for (int owner = 0; owner < 130; owner++) {
			DueRows.deleted(database(), "owner" + owner, 2, NOW);
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
	void givesBackWhatWasNotTriedAndCountsWhatFailed() {
		DueRows.deleted(database(), "alice", 2, NOW);
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
		DueRows.deleted(database(), "alice", 1, NOW);
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
		assertThat(database().rows()).isEqualTo(2);
		this.files.delete(ALICE, file.id(), NOW);
		claim(NOW);
		this.sweeping.remove(List.of(file.id()), NOW);
		assertThat(database().rows()).isEqualTo(2);
		this.sweeping.remove(List.of(file.id()), NOW.plus(CLAIM));
		assertThat(database().rows()).isOne();
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

	/** Adds an available file whose id follows those before it. */
	StoredFile available(Owner owner, Purpose purpose) {
		return available(nextId(), owner, purpose, Optional.empty());
	}

	private StoredFile available(FileId id, Owner owner, Purpose purpose, Optional<Instant> expiresAt) {
		StoredFile file = file(id, owner, purpose, expiresAt);
		this.uploads.addMultipart(id, owner, NOW, file.key(), LATER);
		assertThat(this.uploads.completeMultipart(file)).isTrue();
		return file;
	}

	private static StoredFile file(FileId id, Owner owner, Purpose purpose, Optional<Instant> expiresAt) {
		return new StoredFile(id, owner, Style.MULTIPART, FileStatus.AVAILABLE, purpose, FileName.NONE, 7, NOW,
				expiresAt, ObjectKeys.upload(id), OptionalLong.of(9));
	}

	private FileId pendingMultipart(Instant deadline) {
		FileId id = nextId();
		this.uploads.addMultipart(id, ALICE, NOW, ObjectKeys.upload(id), deadline);
		return id;
	}

	/** Its URL's window ends at {@link #LATER}. */
	private StoredFile pendingPresigned(Owner owner, Optional<Instant> expiresAt) {
		FileId id = nextId();
		StoredFile file = new StoredFile(id, owner, Style.PRESIGNED, FileStatus.PENDING, Purpose.CONTEXT,
				FileName.of("data.json"), 0, NOW, expiresAt, ObjectKeys.staging(id), OptionalLong.empty());
		assertThat(this.uploads.addPresigned(file, LATER, this.numbered)).isTrue();
		return file;
	}

	private StoredFile completedPresigned(Optional<Instant> expiresAt) {
		FileId id = pendingPresigned(ALICE, expiresAt).id();
		this.uploads.nameCopy(id, NOW);
		this.uploads.completePresigned(id, new Checksum(1, 7), ObjectKeys.copy(id, 1), NOW);
		return this.files.find(ALICE, id, NOW).orElseThrow();
	}

	private List<StoredFile> list(Owner owner, Instant now) {
		return this.files.list(owner, new FileQuery(Optional.empty(), Optional.empty(), 100, true), now);
	}

	private List<StoredFile> listAfter(FileId after, boolean newestFirst) {
		return this.files.list(ALICE, new FileQuery(Optional.empty(), Optional.of(after), 100, newestFirst), NOW);
	}

	private List<DueFile> claim(Instant now) {
		return claim(now, 100);
	}

	/** What is due, were it claimed before or not. */
	private List<DueFile> claim(Instant now, int limit) {
		List<DueFile> claimed = new ArrayList<>(new DueFiles(this.sweeping).claim(true, now, now.plus(CLAIM), limit));
		claimed.addAll(this.sweeping.claimAgain(true, now, now.plus(CLAIM), limit - claimed.size()));
		return claimed;
	}

	private FileId nextId() {
		return FileId.createdAt(NOW.plusMillis(this.numbered++));
	}

	/** An id that begins so, and is as long as the shortest that is allowed. */
	private static FileId spelled(String start) {
		char[] rest = new char[24 - start.length()];
		Arrays.fill(rest, '0');
		return new FileId("file-" + start + new String(rest));
	}

}
