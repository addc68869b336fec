package dev.stowage.upload.append;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import dev.stowage.storage.FailingObjectStore.Call;
import dev.stowage.storage.FailingObjectStore.Moment;
import dev.stowage.storage.ObjectStoreException;
import dev.stowage.support.Faults;
import dev.stowage.upload.pending.UploadStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.dao.DataAccessException;

import static dev.stowage.support.FileWorld.ALICE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** Uploads whose client says first what the digest of the whole file will be. */
class WholeDigestTests extends InAppendWorld {

	private static final int FIRST = 8 * MIB + 3;

	private static final byte[] ALL = Sent.bytes(FIRST + 5 * MIB);

	private static final byte[] OTHER = Sent.bytes(FIRST + 5 * MIB + 1);

	@ParameterizedTest
	@ValueSource(ints = { 1, 9, 5 * MIB, FIRST })
	void makeAFileOfSeveralRequests(int first) throws IOException {
		AppendedUpload upload = create(ALL.length, digest(ALL));
		append(upload, Sent.of(Arrays.copyOf(ALL, first)).at(0));
		requireHolds(append(upload, Sent.of(Sent.after(first, ALL)).at(first)), ALL);
		requireOnlyFiles();
	}

	@Test
	void makeAFileOfOneRequestWithoutReadingItAgain() throws IOException {
		AppendedUpload upload = create(ALL.length, digest(ALL));
		AppendedUpload completed = append(upload, Sent.of(ALL).at(0));
		assertThat(this.world.store.calls(Call.OPEN_RANGE)).isEmpty();
		requireHolds(completed, ALL);
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 9, FIRST })
	void endIfTheFileHasAnotherDigest(int first) throws IOException {
		AppendedUpload upload = create(ALL.length, digest(OTHER));
		append(upload, Sent.of(Arrays.copyOf(ALL, first)).at(0));
		assertThatExceptionOfType(AppendException.OtherDigest.class)
			.isThrownBy(() -> append(upload, Sent.of(Sent.after(first, ALL)).at(first)))
			.withMessageContaining("sha-256 ");
		assertThat(uploads().get(ALICE, upload.id()).status()).isEqualTo(UploadStatus.CANCELLED);
		assertThat(this.world.listed()).isEmpty();
		requireOnlyFiles();
	}

	@ParameterizedTest
	@EnumSource
	void continueAfterTheStoreCouldNotBeRead(Moment moment) throws IOException {
		AppendedUpload upload = create(ALL.length, digest(ALL));
		append(upload, Sent.of(Arrays.copyOf(ALL, FIRST)).at(0));
		// the first such call reads what the first request has left
		this.world.store.run(moment, Call.OPEN_RANGE, 2, (key) -> {
			throw new ObjectStoreException("A test made " + key + " fail", null);
		});
		assertThatExceptionOfType(ObjectStoreException.class)
			.isThrownBy(() -> append(upload, Sent.of(Sent.after(FIRST, ALL)).at(FIRST)));
		assertThat(uploads().get(ALICE, upload.id()).status()).isEqualTo(UploadStatus.PENDING);
		requireCompletes(upload, ALL);
	}

	@Test
	void tellDamageFromOtherBytes() throws IOException {
		AppendedUpload upload = create(ALL.length, digest(ALL));
		append(upload, Sent.of(Arrays.copyOf(ALL, FIRST)).at(0));
		byte[] rotten = ALL.clone();
		rotten[7]++;
		this.world.store.run(Moment.AFTER, Call.FINISH, 1, (key) -> engine().replace(key.value(), rotten));
		assertThatExceptionOfType(AppendException.Damaged.class)
			.isThrownBy(() -> append(upload, Sent.of(Sent.after(FIRST, ALL)).at(FIRST)));
		assertThat(this.world.listed()).isEmpty();
		requireOnlyFiles();
	}

	@Test
	void countWhatAnOlderRequestReceivedThatWasNotRecordedYet() throws IOException {
		AppendedUpload upload = create(ALL.length, digest(ALL));
		HeldBody held = new HeldBody(Arrays.copyOf(ALL, 9));
		CompletableFuture<AppendedUpload> older = CompletableFuture.supplyAsync(() -> {
			try {
				return append(upload, held.sent(ALL.length).at(0));
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		});
		held.awaitSilence();
		// its client asks for no offset
		requireHolds(append(upload, Sent.of(Sent.after(9, ALL)).at(9)), ALL);
		assertThat(older).failsWithin(Duration.ofMinutes(1));
		requireOnlyFiles();
	}

	@Test
	void endWithTheUploadThatIsCancelledMeanwhile() throws IOException {
		AppendedUpload upload = create(ALL.length, digest(OTHER));
		append(upload, Sent.of(Arrays.copyOf(ALL, FIRST)).at(0));
		this.world.store.run(Moment.AFTER, Call.FINISH, 1, (key) -> uploads().cancel(ALICE, upload.id()));
		assertThatExceptionOfType(AppendException.Ended.class)
			.isThrownBy(() -> append(upload, Sent.of(Sent.after(FIRST, ALL)).at(FIRST)));
		requireOnlyFiles();
	}

	@Test
	void areComparedAgainIfTheEndCouldNotBeRecorded() throws IOException {
		AppendedUpload upload = create(ALL.length, digest(ALL));
		append(upload, Sent.of(Arrays.copyOf(ALL, FIRST)).at(0));
		this.world.faults.fail(Faults.Moment.BEFORE, "complete");
		assertThatExceptionOfType(DataAccessException.class)
			.isThrownBy(() -> append(upload, Sent.of(Sent.after(FIRST, ALL)).at(FIRST)));
		this.world.faults.heal();
		requireHolds(toContinue(upload), ALL);
		requireOnlyFiles();
	}

	@Test
	void cancelNothingThatANewerRequestContinues() throws IOException {
		AppendedUpload upload = create(ALL.length, digest(OTHER));
		this.world.store.run(Moment.AFTER, Call.FINISH, 1,
				(key) -> this.world.database.jdbc().sql("UPDATE appended_upload SET writer = writer + 1").update());
		assertThatExceptionOfType(AppendException.TakenOver.class).isThrownBy(() -> append(upload, Sent.of(ALL).at(0)));
		assertThat(uploads().get(ALICE, upload.id()).status()).isEqualTo(UploadStatus.PENDING);
	}

	@Test
	void areKeptAsText() {
		WholeDigest both = new WholeDigest(Map.of("sha-512", "c2l4=", "sha-256", "dHdv"));
		assertThat(both).hasToString("sha-256=:dHdv:, sha-512=:c2l4=:");
		assertThat(WholeDigest.parse(both.toString())).isEqualTo(both);
		assertThat(WholeDigest.of(Map.of())).isEmpty();
	}

	private static WholeDigest digest(byte[] whole) {
		try {
			return WholeDigest.of(Map.of("sha-256", MessageDigest.getInstance("SHA-256").digest(whole))).orElseThrow();
		}
		catch (NoSuchAlgorithmException ex) {
			throw new AssertionError(ex);
		}
	}

}
