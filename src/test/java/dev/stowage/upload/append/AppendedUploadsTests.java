package dev.stowage.upload.append;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

import dev.stowage.file.FileException;
import dev.stowage.file.FileName;
import dev.stowage.file.Purpose;
import dev.stowage.file.StoredFile;
import dev.stowage.file.UploadMethod;
import dev.stowage.upload.Created;
import dev.stowage.upload.IdempotencyKey;
import dev.stowage.upload.NewFile;
import dev.stowage.upload.pending.UploadStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static dev.stowage.support.FileWorld.ALICE;
import static dev.stowage.support.FileWorld.BOB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** The life of an upload to which requests append. */
class AppendedUploadsTests extends InAppendWorld {

	private static final int LEAST = 5 * MIB;

	private static final int PART = 8 * MIB;

	@Test
	void makesAFileOfOneRequest() throws IOException {
		byte[] all = Sent.bytes(10);
		AppendedUpload upload = create(10);
		AppendedUpload completed = append(upload, Sent.of(all).at(0));
		StoredFile file = completed.file().orElseThrow();
		assertThat(file.id()).isEqualTo(upload.id().file());
		assertThat(file.method()).isEqualTo(UploadMethod.APPENDED);
		assertThat(file.contentType()).isEqualTo("text/plain");
		assertThat(file.createdAt()).isEqualTo(upload.createdAt());
		assertThat(this.world.listed()).containsExactly(file);
		this.world.requireObjects(file.key());
		requireHolds(completed, all);
		assertThat(uploads().get(ALICE, upload.id())).isEqualTo(completed);
		requireOnlyFiles();
	}

	@ParameterizedTest
	@ValueSource(strings = { "1,1,1", "5242880,1", "5242879,1", "5242879,1,5242880,7", "8388608,8388608", "16384,16384",
			"1,8388608,1", "13631487,1,1" })
	void makesAFileOfManyRequests(String sizes) throws IOException {
		List<Integer> pieces = Arrays.stream(sizes.split(",")).map(Integer::valueOf).toList();
		byte[] all = Sent.bytes(pieces.stream().mapToInt(Integer::intValue).sum());
		AppendedUpload upload = create(all.length);
		int offset = 0;
		for (int piece : pieces) {
			assertThat(uploads().get(ALICE, upload.id()).offset()).isEqualTo(offset);
			assertThat(toContinue(upload).offset()).isEqualTo(offset);
			append(upload, Sent.of(Arrays.copyOfRange(all, offset, offset + piece)).at(offset));
			offset += piece;
		}
		requireHolds(uploads().get(ALICE, upload.id()), all);
		requireOnlyFiles();
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 16_383, 16_384, 16_385, LEAST - 1, LEAST, LEAST + 1, PART - 1, PART, PART + 1,
			PART + LEAST })
	void keepsEveryByteOfARequestThatIsCut(int arrived) throws IOException {
		byte[] all = Sent.bytes(PART + LEAST + 9);
		AppendedUpload upload = create(all.length);
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> append(upload, Sent.cut(all, arrived).at(0)))
			.withMessage("the client disconnected");
		assertThat(toContinue(upload).offset()).isEqualTo(arrived);
		requireCompletes(upload, all);
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 16_384, LEAST, PART, PART + 1 })
	void keepsNothingOfACheckedRequestThatIsCut(int arrived) throws IOException {
		byte[] all = Sent.bytes(2 * PART);
		AppendedUpload upload = create(all.length);
		append(upload, Sent.of(Arrays.copyOf(all, 7)).at(0));
		byte[] rest = Sent.after(7, all);
		assertThatExceptionOfType(IOException.class)
			.isThrownBy(() -> append(upload, Sent.cut(rest, arrived).checkedAt(7)));
		assertThat(toContinue(upload).offset()).isEqualTo(7);
		append(upload, Sent.of(Arrays.copyOf(rest, PART)).checkedAt(7));
		assertThat(toContinue(upload).offset()).isEqualTo(7 + PART);
		requireCompletes(upload, all);
	}

	@Test
	void completesThoughTheConnectionBreaksAfterTheLastByte() throws IOException {
		byte[] all = Sent.bytes(LEAST + 1);
		AppendedUpload upload = create(all.length);
		append(upload, Sent.cut(all, all.length).at(0));
		requireCompletes(upload, all);
	}

	@Test
	void refusesAnotherOffset() throws IOException {
		AppendedUpload upload = create(10);
		append(upload, Sent.of(new byte[3]).at(0));
		for (long offset : new long[] { 0, 2, 4, 10, Long.MAX_VALUE }) {
			assertThatExceptionOfType(AppendException.WrongOffset.class)
				.isThrownBy(() -> append(upload, Sent.of(new byte[1]).unannounced().at(offset)))
				.matches((ex) -> ex.expected() == 3 && ex.provided() == offset);
		}
		assertThat(toContinue(upload).offset()).isEqualTo(3);
	}

	@Test
	void learnsTheLengthLater() throws IOException {
		byte[] all = Sent.bytes(LEAST + 3);
		AppendedUpload upload = createOfUnknownLength();
		append(upload, Sent.of(Arrays.copyOf(all, LEAST)).unannounced().at(0));
		assertThat(toContinue(upload).length()).isEmpty();
		append(upload, Sent.of(new byte[0]).at(LEAST, all.length));
		assertThat(toContinue(upload).length()).hasValue(all.length);
		assertThatExceptionOfType(AppendException.OtherLength.class)
			.isThrownBy(() -> append(upload, Sent.of(new byte[1]).at(LEAST, all.length + 1)));
		requireCompletes(upload, all);
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, LEAST - 1, LEAST, PART, PART + 1 })
	void endsWhereTheClientSays(int size) throws IOException {
		byte[] all = Sent.bytes(LEAST + size);
		AppendedUpload upload = createOfUnknownLength();
		append(upload, Sent.of(Arrays.copyOf(all, LEAST)).unannounced().at(0));
		requireHolds(append(upload, Sent.of(Sent.after(LEAST, all)).unannounced().lastAt(LEAST)), all);
		requireOnlyFiles();
	}

	@Test
	void doesNotEndWithARequestThatIsCut() throws IOException {
		byte[] all = Sent.bytes(LEAST + 10);
		AppendedUpload upload = createOfUnknownLength();
		assertThatExceptionOfType(IOException.class)
			.isThrownBy(() -> append(upload, Sent.cut(all, LEAST + 3).unannounced().lastAt(0)));
		AppendedUpload cut = toContinue(upload);
		assertThat(cut.status()).isEqualTo(UploadStatus.PENDING);
		assertThat(cut.offset()).isEqualTo(LEAST + 3);
		assertThat(cut.length()).isEmpty();
		requireCompletes(upload, all);
	}

	@Test
	void refusesToEndBeforeTheLength() throws IOException {
		AppendedUpload upload = create(10);
		assertThatExceptionOfType(AppendException.OtherLength.class)
			.isThrownBy(() -> append(upload, Sent.of(new byte[9]).lastAt(0)));
		assertThatExceptionOfType(AppendException.OtherLength.class)
			.isThrownBy(() -> append(upload, Sent.of(new byte[9]).unannounced().lastAt(0)));
		requireCompletes(upload, Sent.bytes(10));
	}

	@Test
	void refusesMoreThanTheLengthAndStaysUsable() throws IOException {
		byte[] all = Sent.bytes(10);
		AppendedUpload upload = create(10);
		assertThatExceptionOfType(AppendException.BeyondLength.class)
			.isThrownBy(() -> append(upload, Sent.of(new byte[11]).at(0)));
		append(upload, Sent.of(Arrays.copyOf(all, 4)).at(0));
		assertThatExceptionOfType(AppendException.BeyondLength.class)
			.isThrownBy(() -> append(upload, Sent.of(new byte[7]).unannounced().at(4)));
		assertThat(toContinue(upload).offset()).isEqualTo(4);
		requireCompletes(upload, all);
	}

	@Test
	void refusesEmptyFiles() throws IOException {
		assertThatExceptionOfType(FileException.InvalidParameter.class).isThrownBy(() -> create(0));
		AppendedUpload upload = createOfUnknownLength();
		for (AppendRequest empty : List.of(Sent.of(new byte[0]).lastAt(0), Sent.of(new byte[0]).at(0, 0),
				Sent.of(new byte[0]).unannounced().lastAt(0))) {
			assertThatExceptionOfType(FileException.InvalidParameter.class).isThrownBy(() -> append(upload, empty))
				.withMessage("The file is empty. Upload at least one byte.");
		}
		requireCompletes(upload, Sent.bytes(1));
	}

	@Test
	void refusesFilesThatAreTooLarge() throws IOException {
		this.world.close();
		this.world = world(Map.of("stowage.resumable.max-size", "100B"));
		assertThat(uploads().maxSize()).isEqualTo(100);
		assertThatExceptionOfType(FileException.OverLimit.class).isThrownBy(() -> create(101));
		AppendedUpload upload = createOfUnknownLength();
		append(upload, Sent.of(Sent.bytes(60)).unannounced().at(0));
		assertThatExceptionOfType(FileException.OverLimit.class)
			.isThrownBy(() -> append(upload, Sent.of(new byte[41]).unannounced().at(60)));
		assertThatExceptionOfType(FileException.OverLimit.class)
			.isThrownBy(() -> append(upload, Sent.of(new byte[1]).at(60, 101)));
		assertThatExceptionOfType(FileException.OverLimit.class)
			.isThrownBy(() -> append(upload, Sent.of(new byte[41]).lastAt(60)));
		assertThat(append(upload, Sent.of(new byte[40]).unannounced().lastAt(60)).status())
			.isEqualTo(UploadStatus.COMPLETED);
	}

	@Test
	void refusesLongBatches() {
		NewFile batch = new NewFile(FileName.of("a.jsonl"), "application/jsonl", Purpose.BATCH, Optional.empty());
		assertThatExceptionOfType(FileException.TooLarge.class).isThrownBy(() -> uploads().create(ALICE,
				Optional.empty(), batch, OptionalLong.of(200L * MIB + 1), Optional.empty(), Optional.empty()));
		uploads().create(ALICE, Optional.empty(), batch, OptionalLong.of(200L * MIB), Optional.empty(),
				Optional.empty());
	}

	@Test
	void repeatsTheLastRequestWithoutBytesOnly() throws IOException {
		AppendedUpload upload = create(3);
		AppendedUpload completed = append(upload, Sent.of(new byte[3]).at(0));
		assertThat(append(upload, Sent.of(new byte[0]).lastAt(3))).isEqualTo(completed);
		assertThat(append(upload, Sent.of(new byte[0]).at(3))).isEqualTo(completed);
		assertThat(toContinue(upload)).isEqualTo(completed);
		assertThatExceptionOfType(AppendException.WrongOffset.class)
			.isThrownBy(() -> append(upload, Sent.of(new byte[1]).at(3)));
		assertThatExceptionOfType(AppendException.WrongOffset.class)
			.isThrownBy(() -> append(upload, Sent.of(new byte[3]).at(0)));
	}

	@Test
	void expiresLongAfterItsLastByteAndIsForgottenADayLater() throws IOException {
		AppendedUpload upload = create(2 * PART);
		this.world.clock.move(Duration.ofHours(23));
		append(upload, Sent.of(Sent.bytes(PART + 3)).at(0));
		AppendedUpload later = uploads().get(ALICE, upload.id());
		assertThat(later.expiresAt()).isEqualTo(upload.createdAt().plus(Duration.ofHours(47)));
		this.world.clock.move(Duration.ofHours(23).plusMinutes(59));
		this.world.sweeper.sweep();
		assertThat(toContinue(upload).expiresAt()).isEqualTo(later.expiresAt());
		this.world.clock.move(Duration.ofMinutes(1));
		for (int sweep = 0; sweep < 2; sweep++) {
			requireEnded(upload, "expired");
			this.world.sweeper.sweep();
		}
		this.world.requireObjects();
		assertThat(engine().openUploads()).isEmpty();
		this.world.clock.move(Duration.ofHours(25));
		this.world.sweeper.sweep();
		assertThatExceptionOfType(AppendException.NotFound.class).isThrownBy(() -> uploads().get(ALICE, upload.id()));
		requireOnlyFiles();
	}

	@Test
	void doesNotExpireWhileItIsAppendedTo() throws IOException {
		byte[] all = Sent.bytes(PART + 3);
		AppendedUpload upload = create(all.length);
		Slow slow = new Slow(all, () -> {
			this.world.clock.move(Duration.ofHours(5));
			this.world.appended.look();
			this.world.sweeper.sweep();
		});
		requireHolds(append(upload, new Sent(slow, all.length, () -> {
		}).at(0)), all);
		assertThat(this.world.clock.instant()).isAfter(upload.createdAt().plus(Duration.ofHours(26)));
		requireOnlyFiles();
	}

	@Test
	void cancelsAnUpload() throws IOException {
		AppendedUpload upload = create(2 * PART);
		append(upload, Sent.of(Sent.bytes(PART + 3)).at(0));
		uploads().cancel(ALICE, upload.id());
		requireEnded(upload, "cancelled");
		this.world.sweeper.sweep();
		this.world.requireObjects();
		assertThat(engine().openUploads()).isEmpty();
		requireEnded(upload, "cancelled");
		requireOnlyFiles();
		assertThatExceptionOfType(AppendException.NotFound.class).isThrownBy(() -> toContinue(upload));
	}

	private void requireEnded(AppendedUpload upload, String status) {
		String message = "The upload " + upload.id() + " is " + status + ". Create a new upload.";
		List<Exception> refused = new ArrayList<>();
		for (Action action : List.<Action>of(() -> toContinue(upload), () -> append(upload, Sent.of(new byte[1]).at(0)),
				() -> append(upload, Sent.of(new byte[0]).at(upload.offset())),
				() -> uploads().cancel(ALICE, upload.id()))) {
			try {
				action.run();
			}
			catch (IOException | RuntimeException ex) {
				refused.add(ex);
			}
		}
		assertThat(refused).hasSize(4)
			.allSatisfy((ex) -> assertThat(ex).isInstanceOf(AppendException.Ended.class).hasMessage(message));
		assertThat(uploads().get(ALICE, upload.id()).status().wireName()).isEqualTo(status);
	}

	@Test
	void doesNotCancelAFile() throws IOException {
		AppendedUpload upload = create(1);
		append(upload, Sent.of(new byte[1]).at(0));
		assertThatExceptionOfType(AppendException.Completed.class)
			.isThrownBy(() -> uploads().cancel(ALICE, upload.id()));
		this.world.files.delete(ALICE, upload.id().file());
		assertThatExceptionOfType(AppendException.NotFound.class).isThrownBy(() -> uploads().get(ALICE, upload.id()));
		assertThatExceptionOfType(AppendException.NotFound.class)
			.isThrownBy(() -> append(upload, Sent.of(new byte[0]).at(1)));
		requireOnlyFiles();
		assertThat(this.world.database.rows()).isZero();
	}

	@Test
	void hidesUploadsFromOtherOwners() throws IOException {
		AppendedUpload upload = create(2);
		append(upload, Sent.of(new byte[1]).at(0));
		String message = "No such Upload object: " + upload.id();
		assertThatExceptionOfType(AppendException.NotFound.class).isThrownBy(() -> uploads().get(BOB, upload.id()))
			.withMessage(message);
		assertThatExceptionOfType(AppendException.NotFound.class)
			.isThrownBy(() -> uploads().toContinue(BOB, upload.id()));
		assertThatExceptionOfType(AppendException.NotFound.class)
			.isThrownBy(() -> uploads().append(BOB, upload.id(), Sent.of(new byte[1]).at(1)));
		assertThatExceptionOfType(AppendException.NotFound.class).isThrownBy(() -> uploads().cancel(BOB, upload.id()));
		assertThatExceptionOfType(FileException.NotFound.class)
			.isThrownBy(() -> this.world.files.get(ALICE, upload.id().file()));
		assertThat(append(upload, Sent.of(new byte[1]).at(1)).status()).isEqualTo(UploadStatus.COMPLETED);
		assertThatExceptionOfType(AppendException.NotFound.class).isThrownBy(() -> uploads().get(BOB, upload.id()));
	}

	@Test
	void countsUploadsAgainstTheLimitOfPendingFiles() throws IOException {
		this.world.close();
		this.world = world(Map.of("stowage.max-pending", "2"));
		AppendedUpload first = create(1);
		AppendedUpload second = create(1);
		assertThatExceptionOfType(FileException.TooManyPending.class).isThrownBy(() -> create(1));
		append(first, Sent.of(new byte[1]).at(0));
		create(1);
		assertThatExceptionOfType(FileException.TooManyPending.class).isThrownBy(() -> create(1));
		uploads().cancel(ALICE, second.id());
		this.world.grant();
	}

	@Test
	void createsOneUploadForEachKey() throws IOException {
		Optional<IdempotencyKey> key = Optional.of(new IdempotencyKey("k"));
		AppendedUpload upload = create(key, 3).value();
		append(upload, Sent.of(new byte[1]).at(0));
		Created<AppendedUpload> again = create(key, 3);
		assertThat(again.isReplay()).isTrue();
		assertThat(again.value().id()).isEqualTo(upload.id());
		assertThat(again.value().offset()).isEqualTo(1);
		assertThatExceptionOfType(FileException.KeyReused.class).isThrownBy(() -> create(key, 4));
		append(upload, Sent.of(new byte[2]).at(1));
		assertThat(create(key, 3).value().status()).isEqualTo(UploadStatus.COMPLETED);
		Optional<IdempotencyKey> other = Optional.of(new IdempotencyKey("l"));
		AppendedUpload cancelled = create(other, 3).value();
		uploads().cancel(ALICE, cancelled.id());
		assertThat(create(other, 3).value().id()).isNotEqualTo(cancelled.id());
	}

	private Created<AppendedUpload> create(Optional<IdempotencyKey> key, long length) {
		return uploads().create(ALICE, key, file(Purpose.USER_DATA), OptionalLong.of(length), Optional.empty(),
				Optional.empty());
	}

	@Test
	void keepsMetadataAsTheClientSentIt() throws IOException {
		AppendedUpload upload = uploads()
			.create(ALICE, Optional.empty(), file(Purpose.USER_DATA), OptionalLong.of(1), Optional.of("a b, c"),
					Optional.empty())
			.value();
		assertThat(toContinue(upload).metadata()).contains("a b, c");
		assertThat(append(upload, Sent.of(new byte[1]).at(0)).metadata()).contains("a b, c");
	}

	@Test
	void beginsTheLifeOfItsFileWhenItIsCompleted() throws IOException {
		NewFile file = new NewFile(FileName.of("a.txt"), "text/plain", Purpose.USER_DATA,
				Optional.of(Duration.ofHours(1)));
		AppendedUpload upload = uploads()
			.create(ALICE, Optional.empty(), file, OptionalLong.of(2), Optional.empty(), Optional.empty())
			.value();
		append(upload, Sent.of(new byte[1]).at(0));
		this.world.clock.move(Duration.ofHours(10));
		StoredFile completed = append(upload, Sent.of(new byte[1]).at(1)).file().orElseThrow();
		assertThat(completed.createdAt()).isEqualTo(upload.createdAt());
		assertThat(completed.expiresAt()).contains(upload.createdAt().plus(Duration.ofHours(11)));
		this.world.clock.move(Duration.ofMinutes(59));
		this.world.sweeper.sweep();
		assertThat(this.world.served(completed)).hasSize(2);
		this.world.clock.move(Duration.ofMinutes(1));
		this.world.sweeper.sweep();
		assertThat(this.world.listed()).isEmpty();
	}

	@Test
	void leavesFewObjectsThoughThereAreManyRequests() throws IOException {
		byte[] all = Sent.bytes(200 * 1024);
		AppendedUpload upload = create(all.length);
		long most = 0;
		for (int offset = 0; offset < all.length; offset += 1024) {
			append(upload, Sent.of(Arrays.copyOfRange(all, offset, offset + 1024)).at(offset));
			most = Math.max(most, objects());
		}
		assertThat(most).isLessThanOrEqualTo(12);
		StoredFile file = uploads().get(ALICE, upload.id()).file().orElseThrow();
		assertThat(this.world.served(file)).isEqualTo(all);
		this.world.sweeper.sweep();
		this.world.requireObjects(file.key());
		requireOnlyFiles();
	}

	/** What may fail. */
	private interface Action {

		void run() throws IOException;

	}

}
