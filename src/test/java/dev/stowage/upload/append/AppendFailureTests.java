package dev.stowage.upload.append;

import java.io.IOException;
import java.util.Arrays;

import dev.stowage.file.FileException;
import dev.stowage.storage.FailingObjectStore.Call;
import dev.stowage.storage.FailingObjectStore.Moment;
import dev.stowage.storage.ObjectStoreException;
import dev.stowage.storage.UploadStalledException;
import dev.stowage.support.Faults;
import dev.stowage.upload.pending.UploadStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.dao.DataAccessException;

import static dev.stowage.support.FileWorld.ALICE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** Uploads to which requests append, with failures at every step. */
class AppendFailureTests extends InAppendWorld {

	private static final int PART = 8 * MIB;

	private static final byte[] ALL = Sent.bytes(PART + 5 * MIB + 9);

	@ParameterizedTest
	@CsvSource({ "BEFORE, ask", "AFTER, ask", "BEFORE, begun", "AFTER, begun", "BEFORE, stored", "AFTER, stored",
			"BEFORE, left", "AFTER, left", "BEFORE, setLength", "AFTER, setLength", "BEFORE, complete",
			"AFTER, complete" })
	void continuesAfterTheDatabaseFailed(Faults.Moment moment, String method) throws IOException {
		AppendedUpload upload = createOfUnknownLength();
		this.world.faults.fail(moment, method);
		assertThatExceptionOfType(DataAccessException.class).isThrownBy(() -> appendTwice(upload));
		this.world.faults.heal();
		AppendedUpload found = toContinue(upload);
		assertThat(found.status()).isIn(UploadStatus.PENDING, UploadStatus.COMPLETED);
		requireCompletes(upload, ALL);
	}

	/** A part and a rest, then the remaining bytes. */
	private void appendTwice(AppendedUpload upload) throws IOException {
		append(upload, Sent.of(Arrays.copyOf(ALL, PART + 3)).unannounced().at(0));
		append(upload, Sent.of(Sent.after(PART + 3, ALL)).unannounced().lastAt(PART + 3));
	}

	@Test
	void continuesThoughTheEndOfARequestCouldNotBeRecorded() throws IOException {
		AppendedUpload upload = createOfUnknownLength();
		this.world.faults.fail(Faults.Moment.BEFORE, "release");
		append(upload, Sent.of(Arrays.copyOf(ALL, PART + 3)).unannounced().at(0));
		this.world.faults.heal();
		assertThat(toContinue(upload).offset()).isEqualTo(PART + 3);
		requireCompletes(upload, ALL);
	}

	@ParameterizedTest
	@CsvSource({ "BEFORE, APPEND", "AFTER, APPEND", "BEFORE, OPEN_RANGE", "AFTER, OPEN_RANGE", "BEFORE, FINISH",
			"AFTER, FINISH" })
	void continuesAfterTheStoreFailed(Moment moment, Call call) throws IOException {
		AppendedUpload upload = createOfUnknownLength();
		this.world.store.fail(moment, call);
		assertThatExceptionOfType(ObjectStoreException.class).isThrownBy(() -> appendTwice(upload));
		this.world.store.heal();
		assertThat(toContinue(upload).status()).isIn(UploadStatus.PENDING, UploadStatus.COMPLETED);
		requireCompletes(upload, ALL);
	}

	@ParameterizedTest
	@EnumSource
	void appendsThoughTheStoreRemovesNothing(Moment moment) throws IOException {
		AppendedUpload upload = create(30);
		this.world.store.fail(moment, Call.DELETE);
		byte[] all = Sent.bytes(30);
		for (int i = 0; i < 30; i++) {
			append(upload, Sent.of(new byte[] { all[i] }).at(i));
		}
		this.world.store.heal();
		requireCompletes(upload, all);
	}

	@ParameterizedTest
	@EnumSource
	void isPendingOrCompletedAfterAnInstanceDiedAtTheEnd(Moment moment) throws IOException {
		AppendedUpload upload = create(ALL.length);
		append(upload, Sent.of(Arrays.copyOf(ALL, PART + 3)).at(0));
		this.world.store.run(moment, Call.FINISH, 1, (key) -> {
			throw new Died();
		});
		this.world.faults.fail(Faults.Moment.BEFORE, "release");
		assertThatExceptionOfType(Died.class)
			.isThrownBy(() -> append(upload, Sent.of(Sent.after(PART + 3, ALL)).at(PART + 3)));
		this.world.faults.heal();
		AppendedUpload found = uploads().get(ALICE, upload.id());
		assertThat(found.status()).isEqualTo(UploadStatus.PENDING);
		assertThat(found.offset()).isEqualTo(ALL.length);
		requireHolds(toContinue(upload), ALL);
		requireOnlyFiles();
	}

	@Test
	void continuesAfterALastPartThatWasStoredBeforeTheLengthWasKnown() throws IOException {
		AppendedUpload upload = createOfUnknownLength();
		append(upload, Sent.of(Arrays.copyOf(ALL, PART)).unannounced().at(0));
		this.world.store.fail(Moment.AFTER, Call.APPEND);
		byte[] small = Arrays.copyOfRange(ALL, PART, PART + 9);
		assertThatExceptionOfType(ObjectStoreException.class)
			.isThrownBy(() -> append(upload, Sent.of(small).unannounced().lastAt(PART)));
		this.world.store.heal();
		// the part is smaller than any that others may follow
		requireHolds(toContinue(upload), Arrays.copyOf(ALL, PART + 9));
		requireOnlyFiles();
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void endsWhenItsRestIsDamaged(boolean isMissing) throws IOException {
		AppendedUpload upload = create(10);
		append(upload, Sent.of(new byte[7]).at(0));
		if (isMissing) {
			removeRest();
		}
		else {
			damageRest();
		}
		assertThat(toContinue(upload).offset()).isEqualTo(7);
		requireDamaged(upload, 7);
	}

	@Test
	void endsWhenTheStoreHasAbortedIt() throws IOException {
		AppendedUpload upload = create(ALL.length);
		append(upload, Sent.of(Arrays.copyOf(ALL, PART)).at(0));
		engine().store().abortUploads("files/");
		requireDamaged(upload, PART);
	}

	private void requireDamaged(AppendedUpload upload, int offset) {
		byte[] rest = new byte[Math.toIntExact(upload.length().orElseThrow()) - offset];
		assertThatExceptionOfType(AppendException.Damaged.class)
			.isThrownBy(() -> append(upload, Sent.of(rest).at(offset)))
			.withMessageContaining("is damaged");
		assertThatExceptionOfType(AppendException.Ended.class).isThrownBy(() -> toContinue(upload));
		assertThat(this.world.listed()).isEmpty();
		requireOnlyFiles();
	}

	@Test
	void keepsWhatAStalledClientHasSent() throws IOException {
		AppendedUpload upload = create(ALL.length);
		stallOnce();
		assertThatExceptionOfType(FileException.Stalled.class)
			.isThrownBy(() -> append(upload, Sent.of(Arrays.copyOf(ALL, PART + 3)).at(0)));
		assertThat(toContinue(upload).offset()).isEqualTo(PART + 3);
		requireCompletes(upload, ALL);
	}

	@Test
	void keepsNothingOfAStalledClientWhoseBytesAreChecked() throws IOException {
		AppendedUpload upload = create(ALL.length);
		append(upload, Sent.of(Arrays.copyOf(ALL, 3)).at(0));
		stallOnce();
		assertThatExceptionOfType(FileException.Stalled.class)
			.isThrownBy(() -> append(upload, Sent.of(Arrays.copyOf(Sent.after(3, ALL), PART + 3)).checkedAt(3)));
		assertThat(toContinue(upload).offset()).isEqualTo(3);
		requireCompletes(upload, ALL);
	}

	/** As the store does after the bytes that came were kept. */
	private void stallOnce() {
		this.world.store.run(Moment.AFTER, Call.APPEND, 1, (key) -> {
			throw new UploadStalledException();
		});
	}

	@ParameterizedTest
	@CsvSource({ "BEFORE, APPEND", "AFTER, APPEND", "BEFORE, FINISH", "AFTER, FINISH" })
	void letsACancellationWinOverARequest(Moment moment, Call call) throws IOException {
		AppendedUpload upload = create(ALL.length);
		append(upload, Sent.of(Arrays.copyOf(ALL, PART + 3)).at(0));
		this.world.store.run(moment, call, 1, (key) -> {
			uploads().cancel(ALICE, upload.id());
			this.world.sweeper.sweep();
		});
		assertThatExceptionOfType(AppendException.Ended.class)
			.isThrownBy(() -> append(upload, Sent.of(Sent.after(PART + 3, ALL)).at(PART + 3)))
			.withMessage("The upload " + upload.id() + " is cancelled. Create a new upload.");
		assertThat(this.world.listed()).isEmpty();
		requireOnlyFiles();
	}

	/** What ends a process at this point. */
	private static final class Died extends RuntimeException {

	}

}
