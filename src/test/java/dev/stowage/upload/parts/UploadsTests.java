package dev.stowage.upload.parts;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

import dev.stowage.file.FileException;
import dev.stowage.file.FileName;
import dev.stowage.file.ObjectKeys;
import dev.stowage.file.Purpose;
import dev.stowage.file.StoredFile;
import dev.stowage.storage.FailingObjectStore.Call;
import dev.stowage.storage.FailingObjectStore.Moment;
import dev.stowage.storage.ObjectStoreException;
import dev.stowage.support.Faults;
import dev.stowage.support.InFileWorld;
import dev.stowage.support.Together;
import dev.stowage.upload.NewFile;
import dev.stowage.upload.pending.UploadStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.dao.DataAccessException;

import static dev.stowage.support.FileWorld.ALICE;
import static dev.stowage.support.FileWorld.BOB;
import static dev.stowage.support.FileWorld.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** The life of an upload in parts, with failures at every step. */
class UploadsTests extends InFileWorld {

	private static final int MIB = 1 << 20;

	@Test
	void makesOneFileOfPartsInTheOrderOfTheList() throws IOException {
		Upload upload = create(11);
		UploadPart world = add(upload, "world");
		UploadPart hello = add(upload, "hello ");
		Upload completed = complete(upload, hello, world);
		assertThat(completed.status()).isEqualTo(UploadStatus.COMPLETED);
		StoredFile file = completed.file().orElseThrow();
		assertThat(file.id()).isEqualTo(upload.id().file());
		assertThat(file.createdAt()).isEqualTo(upload.createdAt());
		assertThat(this.world.served(file)).isEqualTo(bytes("hello world"));
		assertThat(this.world.listed()).containsExactly(file);
		requireOnlyFiles();
	}

	@Test
	void composesLargeAndSmallPartsAndDropsTheRest() throws IOException {
		byte[] large = pattern(6 * MIB);
		byte[] small = pattern(100);
		byte[] second = pattern(9 * MIB);
		Upload upload = create(large.length + small.length + second.length);
		UploadPart one = add(upload, large);
		add(upload, pattern(7));
		UploadPart two = add(upload, small);
		UploadPart three = add(upload, second);
		StoredFile file = complete(upload, one, two, three).file().orElseThrow();
		byte[] whole = Arrays.copyOf(large, large.length + small.length + second.length);
		System.arraycopy(small, 0, whole, large.length, small.length);
		System.arraycopy(second, 0, whole, large.length + small.length, second.length);
		assertThat(this.world.served(file)).isEqualTo(whole);
		this.world.sweeper.sweep();
		this.world.requireObjects(file.key());
		requireOnlyFiles();
	}

	@Test
	void composesInTheNameOfItsOwner() throws IOException {
		Upload upload = create(1);
		complete(upload, add(upload, "a"));
		assertThat(this.world.store.senders()).containsExactly(ALICE.name());
	}

	@Test
	void repeatsACompletionWithTheSameListOnly() throws IOException {
		Upload upload = create(2);
		UploadPart a = add(upload, "a");
		UploadPart b = add(upload, "b");
		Upload completed = complete(upload, a, b);
		this.world.sweeper.sweep();
		assertThat(complete(upload, a, b)).isEqualTo(completed);
		assertThatExceptionOfType(UploadException.NotPending.class).isThrownBy(() -> complete(upload, b, a))
			.withMessage("The upload " + upload.id() + " is completed.");
		assertThat(this.world.uploads.get(ALICE, upload.id())).isEqualTo(completed);
		assertThat(this.world.uploads.parts(ALICE, upload.id(), Optional.empty(), 10).parts()).containsExactly(a, b);
	}

	@Test
	void staysPendingWhenTheSumOfThePartsIsWrong() throws IOException {
		Upload upload = create(3);
		UploadPart a = add(upload, "a");
		UploadPart b = add(upload, "b");
		assertThatExceptionOfType(FileException.InvalidParameter.class).isThrownBy(() -> complete(upload, a, b))
			.withMessage("The parts have 2 bytes together, but the upload was created for 3."
					+ " Name other parts, or create a new upload.");
		UploadPart c = add(upload, "c");
		assertThat(this.world.served(complete(upload, a, b, c).file().orElseThrow())).isEqualTo(bytes("abc"));
	}

	@Test
	void refusesListsThatNameNothingOrTheSameOrAnotherUploadsPart() throws IOException {
		Upload upload = create(1);
		UploadPart mine = add(upload, "a");
		UploadPart other = add(create(1), "b");
		requireRefusedList(upload, List.of(), "'part_ids' must name at least one part.");
		String second = "Entry 2 of 'part_ids' is no part of this upload, or is given twice.";
		requireRefusedList(upload, List.of(mine.id().value(), mine.id().value()), second);
		requireRefusedList(upload, List.of(mine.id().value(), other.id().value()), second);
		requireRefusedList(upload, List.of(mine.id().value(), "' OR 1=1 --"), second);
		assertThat(complete(upload, mine).status()).isEqualTo(UploadStatus.COMPLETED);
	}

	private void requireRefusedList(Upload upload, List<String> ids, String message) {
		assertThatExceptionOfType(FileException.InvalidParameter.class)
			.isThrownBy(() -> this.world.uploads.complete(ALICE, upload.id(), ids, Optional.empty()))
			.withMessage(message)
			.matches((ex) -> ex.parameter().equals("part_ids"));
	}

	@Test
	void checksAnMd5OverTheWholeInOrder() throws Exception {
		byte[] large = pattern(6 * MIB);
		Upload upload = create(large.length + 3);
		UploadPart end = add(upload, "end");
		UploadPart start = add(upload, large);
		MessageDigest md5 = MessageDigest.getInstance("MD5");
		md5.update(large);
		String right = HexFormat.of().formatHex(md5.digest(bytes("end")));
		String wrong = "0".repeat(32);
		List<String> ids = List.of(start.id().value(), end.id().value());
		assertThatExceptionOfType(FileException.InvalidParameter.class)
			.isThrownBy(() -> this.world.uploads.complete(ALICE, upload.id(), ids, Optional.of(wrong)))
			.withMessage("The parts have the MD5 " + right + ", not " + wrong + ".");
		assertThatExceptionOfType(FileException.InvalidParameter.class)
			.isThrownBy(() -> this.world.uploads.complete(ALICE, upload.id(), ids, Optional.of("x")))
			.withMessage("'md5' must be 32 hexadecimal digits.");
		assertThat(this.world.uploads.get(ALICE, upload.id()).status()).isEqualTo(UploadStatus.PENDING);
		assertThat(this.world.uploads.complete(ALICE, upload.id(), ids, Optional.of(right.toUpperCase(Locale.ROOT)))
			.status()).isEqualTo(UploadStatus.COMPLETED);
		requireOnlyFiles();
	}

	@Test
	void endsAnUploadThatIsCancelled() throws IOException {
		Upload upload = create(1);
		UploadPart part = add(upload, "a");
		Upload cancelled = this.world.uploads.cancel(ALICE, upload.id());
		assertThat(cancelled.status()).isEqualTo(UploadStatus.CANCELLED);
		this.world.sweeper.sweep();
		this.world.requireObjects();
		assertThat(this.world.uploads.cancel(ALICE, upload.id())).isEqualTo(cancelled);
		String message = "The upload " + upload.id() + " is cancelled. Create a new upload.";
		assertThatExceptionOfType(UploadException.NotPending.class).isThrownBy(() -> add(upload, "b"))
			.withMessage(message);
		assertThatExceptionOfType(UploadException.NotPending.class).isThrownBy(() -> complete(upload, part))
			.withMessage(message);
		requireOnlyFiles();
		assertThatExceptionOfType(UploadException.NotFound.class)
			.isThrownBy(() -> this.world.uploads.cancel(ALICE, upload.id()));
	}

	@Test
	void refusesToCancelACompletedUpload() throws IOException {
		Upload upload = create(1);
		complete(upload, add(upload, "a"));
		assertThatExceptionOfType(UploadException.NotPending.class)
			.isThrownBy(() -> this.world.uploads.cancel(ALICE, upload.id()))
			.withMessage("The upload " + upload.id() + " is completed.");
	}

	@Test
	void expiresAfterItsHourAndIsForgottenADayLater() throws IOException {
		Upload upload = create(1);
		UploadPart part = add(upload, "a");
		assertThat(upload.expiresAt()).isEqualTo(upload.createdAt().plus(Duration.ofHours(1)));
		this.world.clock.move(Duration.ofHours(1));
		for (int sweep = 0; sweep < 2; sweep++) {
			assertThat(this.world.uploads.get(ALICE, upload.id()).status()).isEqualTo(UploadStatus.EXPIRED);
			String message = "The upload " + upload.id() + " is expired. Create a new upload.";
			assertThatExceptionOfType(UploadException.NotPending.class).isThrownBy(() -> add(upload, "b"))
				.withMessage(message);
			assertThatExceptionOfType(UploadException.NotPending.class).isThrownBy(() -> complete(upload, part))
				.withMessage(message);
			assertThatExceptionOfType(UploadException.NotPending.class)
				.isThrownBy(() -> this.world.uploads.cancel(ALICE, upload.id()))
				.withMessage(message);
			this.world.sweeper.sweep();
		}
		this.world.requireObjects();
		requireOnlyFiles();
		assertThatExceptionOfType(UploadException.NotFound.class)
			.isThrownBy(() -> this.world.uploads.get(ALICE, upload.id()));
		assertThat(this.world.database.jdbc().sql("SELECT count(*) FROM upload_part").query(Integer.class).single())
			.isZero();
	}

	@Test
	void hidesUploadsFromOtherOwners() throws IOException {
		Upload upload = create(1);
		UploadPart part = add(upload, "a");
		String message = "No such Upload object: " + upload.id();
		assertThatExceptionOfType(UploadException.NotFound.class)
			.isThrownBy(() -> this.world.uploads.get(BOB, upload.id()))
			.withMessage(message);
		assertThatExceptionOfType(UploadException.NotFound.class)
			.isThrownBy(() -> this.world.uploads.addPart(BOB, upload.id(), new Bytes(bytes("b"))));
		assertThatExceptionOfType(UploadException.NotFound.class).isThrownBy(
				() -> this.world.uploads.complete(BOB, upload.id(), List.of(part.id().value()), Optional.empty()));
		assertThatExceptionOfType(UploadException.NotFound.class)
			.isThrownBy(() -> this.world.uploads.cancel(BOB, upload.id()));
		assertThatExceptionOfType(UploadException.NotFound.class)
			.isThrownBy(() -> this.world.uploads.parts(BOB, upload.id(), Optional.empty(), 1));
		assertThatExceptionOfType(FileException.NotFound.class)
			.isThrownBy(() -> this.world.files.get(ALICE, upload.id().file()));
	}

	@Test
	void listsPartsInPages() throws IOException {
		Upload upload = create(3);
		UploadPart one = add(upload, "a");
		UploadPart two = add(upload, "b");
		UploadPart three = add(upload, "c");
		PartPage first = this.world.uploads.parts(ALICE, upload.id(), Optional.empty(), 2);
		assertThat(first.parts()).containsExactly(one, two);
		assertThat(first.hasMore()).isTrue();
		PartPage last = this.world.uploads.parts(ALICE, upload.id(), Optional.of(two.id()), 2);
		assertThat(last.parts()).containsExactly(three);
		assertThat(last.hasMore()).isFalse();
	}

	@Test
	void keepsPartsThatComeAtTheSameTimeApart() throws Exception {
		Upload upload = create(12);
		List<UploadPart> parts = Together.run(12, () -> add(upload, "x"));
		assertThat(parts).extracting(UploadPart::number).doesNotHaveDuplicates();
		assertThat(complete(upload, parts.toArray(UploadPart[]::new)).status()).isEqualTo(UploadStatus.COMPLETED);
		requireOnlyFiles();
	}

	@Test
	void countsUploadsAgainstTheLimitOfPendingFiles() throws IOException {
		this.world.close();
		this.world = world(Map.of("stowage.max-pending", "2"));
		Upload first = create(1);
		create(1);
		assertThatExceptionOfType(FileException.TooManyPending.class).isThrownBy(() -> create(1));
		assertThatExceptionOfType(FileException.TooManyPending.class).isThrownBy(() -> this.world.grant());
		this.world.uploads.cancel(ALICE, first.id());
		this.world.grant();
	}

	@Test
	void takesTenThousandPartsAndNoMore() throws IOException {
		Upload upload = create(1);
		this.world.database.jdbc().sql("UPDATE file SET parts = 10010, parts_failed = 11").update();
		UploadPart part = add(upload, "a");
		assertThatExceptionOfType(UploadException.TooManyParts.class).isThrownBy(() -> add(upload, "b"));
		assertThat(complete(upload, part).status()).isEqualTo(UploadStatus.COMPLETED);
	}

	@Test
	void refusesEmptyPartsAndPartsThatAreTooLarge() throws IOException {
		Upload upload = create(1);
		assertThatExceptionOfType(FileException.InvalidParameter.class).isThrownBy(() -> add(upload, ""))
			.withMessage("The part is empty. Send at least one byte.");
		assertThatExceptionOfType(UploadException.PartTooLarge.class).isThrownBy(() -> this.world.uploads.addPart(ALICE,
				upload.id(), new Bytes(new dev.stowage.support.Generated(UploadPart.MAX_SIZE + 1))));
		assertThat(this.world.uploads.parts(ALICE, upload.id(), Optional.empty(), 1).parts()).isEmpty();
		this.world.requireObjects();
	}

	@ParameterizedTest
	@CsvSource({ "BEFORE, PUT", "AFTER, PUT" })
	void dropsAPartWhoseBytesTheStoreRefuses(Moment moment, Call call) throws IOException {
		Upload upload = create(1);
		this.world.store.fail(moment, call);
		assertThatExceptionOfType(ObjectStoreException.class).isThrownBy(() -> add(upload, "a"));
		this.world.store.heal();
		assertThat(this.world.uploads.parts(ALICE, upload.id(), Optional.empty(), 1).parts()).isEmpty();
		assertThat(complete(upload, add(upload, "b")).status()).isEqualTo(UploadStatus.COMPLETED);
		requireOnlyFiles();
	}

	@ParameterizedTest
	@CsvSource({ "BEFORE, namePart", "AFTER, namePart", "BEFORE, arrived", "AFTER, arrived" })
	void survivesADatabaseThatFailsWhileAPartArrives(Faults.Moment moment, String call) throws IOException {
		Upload upload = create(1);
		this.world.faults.fail(moment, call);
		assertThatExceptionOfType(DataAccessException.class).isThrownBy(() -> add(upload, "a"));
		this.world.faults.heal();
		assertThat(complete(upload, add(upload, "b")).status()).isEqualTo(UploadStatus.COMPLETED);
		requireOnlyFiles();
	}

	@ParameterizedTest
	@EnumSource
	void staysPendingWhenTheStoreFailsToCompose(Moment moment) throws IOException {
		Upload upload = create(6 * MIB + 1);
		UploadPart one = add(upload, pattern(6 * MIB));
		UploadPart two = add(upload, "a");
		this.world.store.fail(moment, Call.COMPOSE);
		assertThatExceptionOfType(ObjectStoreException.class).isThrownBy(() -> complete(upload, one, two));
		this.world.store.heal();
		assertThat(this.world.uploads.get(ALICE, upload.id()).status()).isEqualTo(UploadStatus.PENDING);
		assertThat(complete(upload, one, two).status()).isEqualTo(UploadStatus.COMPLETED);
		requireOnlyFiles();
	}

	@ParameterizedTest
	@EnumSource
	void isPendingOrCompletedWhenTheDatabaseFailsAtTheEnd(Faults.Moment moment) throws IOException {
		Upload upload = create(1);
		UploadPart part = add(upload, "a");
		this.world.faults.fail(moment, "complete");
		assertThatExceptionOfType(DataAccessException.class).isThrownBy(() -> complete(upload, part));
		this.world.faults.heal();
		assertThat(this.world.uploads.get(ALICE, upload.id()).status())
			.isEqualTo((moment == Faults.Moment.AFTER) ? UploadStatus.COMPLETED : UploadStatus.PENDING);
		assertThat(complete(upload, part).status()).isEqualTo(UploadStatus.COMPLETED);
		requireOnlyFiles();
	}

	@Test
	void keepsOneOfTwoCompletionsWithDifferentLists() throws IOException {
		Upload upload = create(1);
		UploadPart a = add(upload, "a");
		UploadPart b = add(upload, "b");
		List<Exception> refused = new ArrayList<>();
		this.world.store.run(Moment.BEFORE, Call.COMPOSE, 1, (key) -> {
			try {
				complete(upload, b);
			}
			catch (RuntimeException ex) {
				refused.add(ex);
			}
		});
		Upload completed = complete(upload, a);
		assertThat(refused).singleElement().isInstanceOf(UploadException.BeingCompleted.class);
		assertThat(this.world.served(completed.file().orElseThrow())).isEqualTo(bytes("a"));
		assertThatExceptionOfType(UploadException.NotPending.class).isThrownBy(() -> complete(upload, b));
		requireOnlyFiles();
	}

	@ParameterizedTest
	@EnumSource
	void letsACancellationWinOverACompletionThatIsComposing(Moment moment) throws IOException {
		Upload upload = create(1);
		UploadPart part = add(upload, "a");
		this.world.store.run(moment, Call.COMPOSE, 1, (key) -> this.world.uploads.cancel(ALICE, upload.id()));
		assertThatExceptionOfType(UploadException.NotPending.class).isThrownBy(() -> complete(upload, part))
			.withMessage("The upload " + upload.id() + " is cancelled. Create a new upload.");
		requireOnlyFiles();
	}

	@Test
	void refusesAPartThatIsStillOnItsWayWhenTheUploadEnds() throws IOException {
		Upload upload = create(1);
		UploadPart part = add(upload, "a");
		this.world.store.run(Moment.AFTER, Call.PUT, 1, (key) -> complete(upload, part));
		assertThatExceptionOfType(UploadException.NotPending.class).isThrownBy(() -> add(upload, "late"))
			.withMessage("The upload " + upload.id() + " is completed.");
		assertThat(this.world.listed()).hasSize(1);
		requireOnlyFiles();
	}

	@Test
	void isNotSweptWhileItIsCompletedPastItsHour() throws IOException {
		Upload upload = create(1);
		UploadPart part = add(upload, "a");
		this.world.clock.move(Duration.ofMinutes(59).plusSeconds(50));
		this.world.store.run(Moment.BEFORE, Call.COMPOSE, 1, (key) -> {
			this.world.clock.move(Duration.ofSeconds(30));
			this.world.sweeper.sweep();
		});
		assertThat(this.world.served(complete(upload, part).file().orElseThrow())).isEqualTo(bytes("a"));
		requireOnlyFiles();
	}

	@Test
	void beginsTheLifeOfItsFileWhenItIsCompleted() throws IOException {
		NewFile file = new NewFile(FileName.of("a.txt"), "text/plain", Purpose.USER_DATA,
				Optional.of(Duration.ofHours(1)));
		Upload upload = this.world.uploads.create(ALICE, Optional.empty(), file, 1).value();
		UploadPart part = add(upload, "a");
		this.world.clock.move(Duration.ofMinutes(59));
		StoredFile completed = complete(upload, part).file().orElseThrow();
		assertThat(completed.createdAt()).isEqualTo(upload.createdAt());
		assertThat(completed.expiresAt()).contains(upload.createdAt().plus(Duration.ofMinutes(119)));
		this.world.clock.move(Duration.ofMinutes(59));
		this.world.sweeper.sweep();
		assertThat(this.world.served(completed)).isEqualTo(bytes("a"));
	}

	@Test
	void saysThatAnUploadWasCancelledThoughItsPartsAreRemovedUnderItsCompletion() throws IOException {
		Upload upload = create(1);
		UploadPart part = add(upload, "a");
		this.world.store.run(Moment.BEFORE, Call.OPEN_RANGE, 1, (key) -> {
			this.world.uploads.cancel(ALICE, upload.id());
			this.world.sweeper.sweep();
		});
		assertThatExceptionOfType(UploadException.NotPending.class)
			.isThrownBy(() -> this.world.uploads.complete(ALICE, upload.id(), List.of(part.id().value()),
					Optional.of("0".repeat(32))))
			.withMessage("The upload " + upload.id() + " is cancelled. Create a new upload.");
		requireOnlyFiles();
	}

	@Test
	void saysThatAnUploadWasCancelledToAPartWhoseBytesAreRemoved() throws IOException {
		Upload upload = create(1);
		this.world.store.run(Moment.AFTER, Call.PUT, 1, (key) -> {
			this.world.uploads.cancel(ALICE, upload.id());
			throw new ObjectStoreException("A test lost the bytes", null);
		});
		assertThatExceptionOfType(UploadException.NotPending.class).isThrownBy(() -> add(upload, "a"));
		requireOnlyFiles();
	}

	@Test
	void completesAgainAfterAnInstanceDiedWhileComposing() throws IOException {
		Upload upload = create(1);
		UploadPart part = add(upload, "a");
		this.world.store.run(Moment.AFTER, Call.COMPOSE, 1, (key) -> {
			throw new Died();
		});
		this.world.faults.fail(Faults.Moment.BEFORE, "releaseClaim");
		assertThatExceptionOfType(Died.class).isThrownBy(() -> complete(upload, part));
		this.world.faults.heal();
		assertThatExceptionOfType(UploadException.BeingCompleted.class).isThrownBy(() -> complete(upload, part));
		this.world.clock.move(Duration.ofMinutes(1));
		assertThat(complete(upload, part).status()).isEqualTo(UploadStatus.COMPLETED);
		requireOnlyFiles();
	}

	@Test
	void saysThatAPartIsDamagedWhenTheStoreLostIt() throws IOException {
		Upload upload = create(1);
		UploadPart part = add(upload, "a");
		this.world.store.delete(ObjectKeys.part(upload.id().file(), 1));
		assertThatExceptionOfType(UploadException.Damaged.class).isThrownBy(() -> complete(upload, part));
		assertThat(this.world.uploads.get(ALICE, upload.id()).status()).isEqualTo(UploadStatus.PENDING);
	}

	@Test
	void removesAPartThatCameAfterTheUploadWasCompletedAndSwept() throws IOException {
		Upload upload = create(1);
		UploadPart part = add(upload, "a");
		this.world.faults.fail(Faults.Moment.BEFORE, "failed");
		this.world.store.run(Moment.BEFORE, Call.PUT, 1, (key) -> {
			complete(upload, part);
			this.world.sweeper.sweep();
		});
		assertThatExceptionOfType(UploadException.NotPending.class).isThrownBy(() -> add(upload, "late"));
		assertThat(engine().keys()).hasSize(2);
		requireOnlyFiles();
		assertThat(engine().keys()).hasSize(1);
	}

	@Test
	void deletesAFileThatWasUploadedInParts() throws IOException {
		Upload upload = create(1);
		complete(upload, add(upload, "a"));
		this.world.files.delete(ALICE, upload.id().file());
		assertThatExceptionOfType(UploadException.NotFound.class)
			.isThrownBy(() -> this.world.uploads.get(ALICE, upload.id()));
		requireOnlyFiles();
		assertThat(this.world.database.rows()).isZero();
	}

	private Upload create(long bytes) {
		NewFile file = new NewFile(FileName.of("a.txt"), "text/plain", Purpose.USER_DATA, Optional.empty());
		return this.world.uploads.create(ALICE, Optional.empty(), file, bytes).value();
	}

	private UploadPart add(Upload upload, String text) throws IOException {
		return add(upload, bytes(text));
	}

	private UploadPart add(Upload upload, byte[] bytes) throws IOException {
		return this.world.uploads.addPart(ALICE, upload.id(), new Bytes(bytes));
	}

	private Upload complete(Upload upload, UploadPart... parts) {
		return this.world.uploads.complete(ALICE, upload.id(),
				List.of(parts).stream().map((part) -> part.id().value()).toList(), Optional.empty());
	}

	/** After the time in which an ended upload is known. */
	private void requireOnlyFiles() {
		this.world.store.heal();
		this.world.faults.heal();
		this.world.clock.move(Duration.ofHours(26));
		this.world.requireNothingButListed();
		assertThat(this.world.database.jdbc().sql("SELECT count(*) FROM upload_part").query(Integer.class).single())
			.isZero();
	}

	private static byte[] pattern(int size) {
		byte[] bytes = new byte[size];
		for (int i = 0; i < size; i++) {
			bytes[i] = (byte) (i * 31 + i / 251);
		}
		return bytes;
	}

	/** What ends a process at this point. */
	private static final class Died extends RuntimeException {

	}

	/** A part whose bytes are there. */
	private record Bytes(InputStream bytes) implements IncomingPart {

		Bytes(byte[] bytes) {
			this(new ByteArrayInputStream(bytes));
		}

		@Override
		public void cancel() {
			// its bytes are there
		}

		@Override
		public long atMost() {
			return Long.MAX_VALUE;
		}

		@Override
		public void end() {
			// nothing follows
		}

	}

}
