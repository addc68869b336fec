package dev.stowage.file;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

import dev.stowage.storage.Checksum;
import dev.stowage.storage.ObjectKey;
import dev.stowage.support.WithRows;
import dev.stowage.sweep.SweepRows;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** What owners see of the rows of files, on each database. */
class FileRepositoryTests extends WithRows {

	@Test
	void findsAFileAsItWasCompleted() {
		FileId id = nextId();
		StoredFile file = new StoredFile(id, ALICE, UploadMethod.MULTIPART, FileStatus.AVAILABLE, Purpose.FINE_TUNE,
				FileName.of("Größe 📦.jsonl"), "text/csv;charset=UTF-8", 5_000_000_000L, NOW, Optional.of(LATER),
				ObjectKeys.upload(id), OptionalLong.of(0xFFFF_FFFFL));
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
		assertThat(this.pending.complete(pending.id(), new Checksum(42, 7), copy, NOW)).isTrue();
		assertThat(this.files.find(ALICE, pending.id(), NOW)).contains(new StoredFile(pending.id(), ALICE,
				UploadMethod.PRESIGNED, FileStatus.AVAILABLE, pending.purpose(), pending.name(), pending.contentType(),
				42, pending.createdAt(), pending.expiresAt(), copy, OptionalLong.of(7)));
	}

	@Test
	void knowsTheTypeOfFilesOfVersionsThatKeptNone() {
		StoredFile streamed = available(ALICE, Purpose.EVALS);
		StoredFile presigned = completedPresigned(Optional.empty());
		this.database.jdbc().sql("UPDATE file SET content_type = NULL").update();
		assertThat(this.files.find(ALICE, streamed.id(), NOW).orElseThrow().contentType())
			.isEqualTo("application/octet-stream");
		assertThat(this.files.find(ALICE, presigned.id(), NOW).orElseThrow().contentType())
			.isEqualTo("application/json");
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
		assertThat(this.sweeping.claimDue(NOW)).singleElement().satisfies((leftover) -> {
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
			this.sweeping.claimDue(NOW);
			this.sweeping.remove(List.of(gone.id()), NOW.plus(SweepRows.CLAIM));
		}
		assertThat(this.database.rows()).isEqualTo(3);
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
		this.database.jdbc().sql("UPDATE removed_file SET removed_at = removed_at - 604801").update();
		removeRow(available(ALICE, Purpose.EVALS));
		assertThat(this.database.jdbc().sql("SELECT count(*) FROM removed_file").query(Integer.class).single()).isOne();
		assertThat(listAfter(gone.id(), false)).containsExactly(second, last);
		removeRow(first);
		// only the upload that took longest is older than the cursor, by its id
		assertThat(listAfter(gone.id(), false)).containsExactly(second, last);
		assertThat(listAfter(gone.id(), true)).containsExactly(last, second);
	}

	private void removeRow(StoredFile file) {
		this.files.delete(ALICE, file.id(), NOW);
		this.sweeping.claimDue(NOW);
		this.sweeping.remove(List.of(file.id()), NOW.plus(SweepRows.CLAIM));
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
		unknown.forEach((file) -> this.database.jdbc()
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
		List<FileId> claimed = this.sweeping.claimDue(LATER).stream().map(SweepRows.Due::id).toList();
		if (column.equals("purpose")) {
			// the sweeper does not need to know its purpose
			assertThat(claimed).hasSize(7).contains(due);
		}
		else {
			assertThat(claimed).containsExactly(due);
			assertThat(this.sweeping.claimDue(LATER)).isEmpty();
			assertThat(this.sweeping.unknown(LATER, 100)).isEqualTo(6);
			assertThat(this.database.rows()).isEqualTo(13);
		}
	}

	@Test
	void sortsIdsByTheirBytes() {
		List<FileId> inOrder = List.of(spelled("0"), spelled("9"), spelled("A"), spelled("B"), spelled("Z"),
				spelled("a"), spelled("aB"), spelled("aZ"), spelled("aa"), spelled("b"), spelled("z"));
		for (FileId id : inOrder.reversed()) {
			available(id, ALICE, Purpose.EVALS, Optional.empty());
		}
		// as in rows of the version without positions
		this.database.jdbc().sql("UPDATE file SET position = 0").update();
		assertThat(list(ALICE, NOW).reversed()).extracting(StoredFile::id).isEqualTo(inOrder);
		assertThat(listAfter(spelled("a"), false)).extracting(StoredFile::id).isEqualTo(inOrder.subList(6, 11));
		assertThat(listAfter(spelled("Z"), true)).extracting(StoredFile::id)
			.isEqualTo(inOrder.subList(0, 4).reversed());
	}

	/** An id that begins so, and is as long as the shortest that is allowed. */
	private static FileId spelled(String start) {
		char[] rest = new char[24 - start.length()];
		Arrays.fill(rest, '0');
		return new FileId("file-" + start + new String(rest));
	}

}
