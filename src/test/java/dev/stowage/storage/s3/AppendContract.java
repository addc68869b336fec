package dev.stowage.storage.s3;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

import dev.stowage.storage.GrowingObject.StoredPart;
import dev.stowage.storage.IncomingBytes;
import dev.stowage.storage.ObjectDamagedException;
import dev.stowage.storage.ObjectInfo;
import dev.stowage.storage.ObjectKey;
import dev.stowage.storage.ObjectStore;
import dev.stowage.storage.ObjectTooLargeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.sync.RequestBody;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** How {@link ObjectStore#append} and {@link ObjectStore#finish} make one object. */
abstract class AppendContract extends ComposeContract {

	/** The smallest part that S3 accepts while others follow. */
	private static final int LEAST = 5 * 1024 * 1024;

	@ParameterizedTest
	@ValueSource(strings = { "1", "8388608", "8388609", "1,2,3", "16384,1,16384", "5242880,1", "5242879,1",
			"5242879,1,5242880", "8388608,8388608", "8388609,5242880,3", "5242880,6291456,7340033,5242880",
			"3,5242877,9000000", "20000000,1", "1,20000000", "4000000,4000000,4000000,4000000" })
	void makesOneObjectOfAllThatWasAppended(String sizes) throws Exception {
		List<Integer> pieces = Stream.of(sizes.split(",")).map(Integer::valueOf).toList();
		byte[] all = Samples.bytes(pieces.stream().mapToInt(Integer::intValue).sum());
		Grower grower = new Grower(store(), key());
		int end = 0;
		for (int i = 0; i < pieces.size(); i++) {
			end += pieces.get(i);
			assertThat(store().find(key())).isEmpty();
			((i == pieces.size() - 1) ? grower.ending() : grower).appendOf(all, end);
			assertThat(grower.kept()).isEqualTo(Grower.sumOf(all, end));
		}
		assertThat(grower.parts()).extracting(StoredPart::number).isSorted().doesNotHaveDuplicates();
		assertThat(grower.told()).filteredOn("begun"::equals).hasSizeLessThanOrEqualTo(1);
		grower.finish();
		assertHolds(key(), all);
		grower.forget();
		assertThat(openUploads(key())).isEmpty();
	}

	@ParameterizedTest
	@CsvSource({ "1, 0, 1", "5242879, 0, 5242879", "5242880, 1, 0", "8388607, 1, 0", "8388608, 1, 0", "8388609, 1, 1",
			"13631487, 1, 5242879", "13631488, 2, 0" })
	void leavesWhatIsTooSmallForAPartUnderTheNamedKey(int size, int parts, int rest) throws Exception {
		byte[] all = Samples.bytes(size);
		Grower grower = new Grower(store(), key());
		grower.appendOf(all, size);
		assertThat(grower.parts()).hasSize(parts);
		assertThat(grower.rest().length()).isEqualTo(rest);
		assertThat(grower.kept()).isEqualTo(Grower.sumOf(all, size));
		if (rest > 0) {
			assertHolds(new ObjectKey(key() + ".rest-1"), Arrays.copyOfRange(all, size - rest, size));
			assertThat(grower.told()).endsWith("nameRest", "kept");
		}
		else {
			assertThat(grower.told()).endsWith("stored");
			assertThat(store().find(new ObjectKey(key() + ".rest-1"))).isEmpty();
		}
		grower.forget();
	}

	@Test
	void putsAShortStreamAtOnceIfItIsTheEnd() throws Exception {
		Grower grower = new Grower(store(), key()).ending();
		grower.appendOf(Samples.bytes(7_000_000), 7_000_000);
		assertThat(grower.told()).containsExactly("isEnd", "nameRest", "kept");
		assertHolds(key(), Samples.bytes(7_000_000));
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void keepsNothingOfAnEmptyStream(boolean isEnd) throws Exception {
		Grower grower = new Grower(store(), key());
		(isEnd ? grower.ending() : grower).append(InputStream.nullInputStream(), Grower.ANY);
		assertThat(grower.told()).containsExactly("isEnd");
		assertNothingIsLeft();
	}

	@Test
	void finishesWithAnEmptyStream() throws Exception {
		byte[] all = Samples.bytes(LEAST);
		Grower grower = new Grower(store(), key());
		grower.appendOf(all, LEAST);
		grower.ending().append(InputStream.nullInputStream(), Grower.ANY);
		grower.finish();
		assertHolds(key(), all);
	}

	@Test
	void finishesAgainAndAgain() throws Exception {
		byte[] all = Samples.bytes(LEAST + 1);
		Grower grower = new Grower(store(), key());
		grower.appendOf(all, LEAST);
		grower.ending().appendOf(all, LEAST + 1);
		for (int i = 0; i < 3; i++) {
			grower.finish();
			assertHolds(key(), all);
		}
		assertThat(openUploads(key())).isEmpty();
	}

	@Test
	void doesNotCloseTheStream() throws Exception {
		AtomicBoolean closed = new AtomicBoolean();
		InputStream bytes = new FilterInputStream(Samples.stream(Samples.bytes(Samples.BUFFER + 1))) {
			@Override
			public void close() {
				closed.set(true);
			}
		};
		Grower grower = new Grower(store(), key());
		store().append(grower.object(), IncomingBytes.of(bytes, Grower.ANY), grower);
		assertThat(closed).isFalse();
		grower.forget();
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2, 3 })
	void replacesPartsThatWereNotRemembered(int forgotten) throws Exception {
		byte[] all = Samples.bytes(3 * Samples.BUFFER + 4_321);
		Grower.Failing grower = new Grower.Failing(store(), key(), "stored", forgotten);
		assertThatExceptionOfType(Grower.ForgottenException.class).isThrownBy(() -> grower.appendOf(all, all.length));
		grower.heal();
		assertThat(grower.parts()).hasSize(forgotten - 1);
		assertThat(grower.kept()).isEqualTo(Grower.sumOf(all, grower.kept().length()));
		// with other limits between the parts
		int next = Math.toIntExact(grower.kept().length()) + LEAST + 17;
		grower.appendOf(all, next);
		grower.ending().appendOf(all, all.length);
		grower.finish();
		assertHolds(key(), all);
		grower.forget();
		assertThat(openUploads(key())).isEmpty();
	}

	@Test
	void makesNothingElseWhenAnEarlierCallHadStoredMoreParts() throws Exception {
		byte[] all = Samples.bytes(3 * Samples.BUFFER);
		Grower.Failing grower = new Grower.Failing(store(), key(), "stored", 2);
		assertThatExceptionOfType(Grower.ForgottenException.class).isThrownBy(() -> grower.appendOf(all, all.length));
		grower.heal();
		int end = Math.toIntExact(grower.kept().length()) + 1;
		grower.ending().appendOf(all, end);
		try {
			grower.finish();
			assertHolds(key(), Arrays.copyOf(all, end));
		}
		catch (ObjectDamagedException ex) {
			// Ceph
			assertThat(ex).hasMessageContaining("parts that were not reported");
			assertThat(store().find(key())).isEmpty();
		}
		grower.forget();
		assertThat(openUploads(key())).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "begun", "stored", "isEnd", "nameRest", "kept" })
	void endsWithTheExceptionOfTheLog(String method) throws Exception {
		byte[] all = Samples.bytes(2 * Samples.BUFFER + 100_000);
		Grower.Failing grower = new Grower.Failing(store(), key(), method, 1);
		assertThatExceptionOfType(Grower.ForgottenException.class).isThrownBy(() -> grower.appendOf(all, all.length));
		assertThat(openUploads(key())).hasSize(method.equals("begun") ? 0 : 1);
		assertThat(store().find(key())).isEmpty();
		grower.heal();
		grower.ending().appendOf(all, all.length);
		grower.finish();
		assertHolds(key(), all);
		grower.forget();
	}

	@Test
	void saysThatAnAbortedUploadIsDamaged() throws Exception {
		byte[] all = Samples.bytes(3 * Samples.BUFFER);
		Grower grower = new Grower(store(), key());
		grower.appendOf(all, Samples.BUFFER);
		store().abortUploads(key().value());
		// some engines notice it only at the end
		assertThatExceptionOfType(ObjectDamagedException.class).isThrownBy(() -> {
			grower.ending().appendOf(all, all.length);
			grower.finish();
		});
		assertThatExceptionOfType(ObjectDamagedException.class).isThrownBy(grower::finish);
		assertNothingIsLeft();
	}

	@Test
	void doesNotTakeAnotherObjectForTheFinishedOne() throws Exception {
		Grower grower = new Grower(store(), key());
		grower.appendOf(Samples.bytes(Samples.BUFFER), Samples.BUFFER);
		store().abortUploads(key().value());
		put(key(), Samples.bytes(10));
		assertThatExceptionOfType(ObjectDamagedException.class).isThrownBy(grower::finish);
		assertHolds(key(), Samples.bytes(10));
	}

	@Test
	void saysThatAPartIsDamagedThatWasReplaced() throws Exception {
		byte[] all = Samples.bytes(2 * Samples.BUFFER);
		Grower grower = new Grower(store(), key()).ending();
		grower.appendOf(all, all.length);
		subject().client()
			.uploadPart((part) -> part.bucket(subject().connection().bucket())
				.key(key().value())
				.uploadId(grower.upload().orElseThrow())
				.partNumber(1), RequestBody.fromBytes(new byte[Samples.BUFFER]));
		assertThatExceptionOfType(ObjectDamagedException.class).isThrownBy(grower::finish);
		assertThat(store().find(key())).isEmpty();
		grower.forget();
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 16_384, LEAST, Samples.BUFFER, 2 * Samples.BUFFER, 2 * Samples.BUFFER + 1 })
	void acceptsExactlyTheLimit(int limit) throws Exception {
		byte[] all = Samples.bytes(limit + 1);
		Grower grower = new Grower(store(), key());
		assertThatExceptionOfType(ObjectTooLargeException.class)
			.isThrownBy(() -> grower.append(Samples.stream(all), limit))
			.satisfies((ex) -> assertThat(ex.limit()).isEqualTo(limit));
		assertThat(grower.kept()).isEqualTo(Grower.sumOf(all, grower.kept().length()));
		int from = Math.toIntExact(grower.kept().length());
		grower.ending().append(Samples.stream(Arrays.copyOfRange(all, from, limit)), limit - from);
		assertThat(grower.kept()).isEqualTo(Grower.sumOf(all, limit));
		grower.finish();
		if (limit > 0) {
			assertHolds(key(), Arrays.copyOf(all, limit));
		}
		grower.forget();
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, LEAST, Samples.BUFFER, THREE_PARTS })
	void throwsTheStreamsOwnExceptionAndKeepsWhatWasReported(int arrived) throws Exception {
		IOException hangUp = new IOException("the client disconnected");
		Grower grower = new Grower(store(), key());
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> grower.append(Samples.streamThen(arrived, () -> {
			throw hangUp;
		}), Grower.ANY)).isSameAs(hangUp);
		assertThat(grower.told()).doesNotContain("isEnd");
		assertThat(grower.kept()).isEqualTo(Grower.sumOf(Samples.bytes(arrived), grower.kept().length()));
		byte[] all = Samples.bytes(arrived);
		grower.ending().appendOf(all, arrived);
		grower.finish();
		if (arrived > 0) {
			assertHolds(key(), all);
		}
	}

	@Test
	void appendsAlthoughNothingOfAnEarlierUploadWasRemembered() throws Exception {
		byte[] all = Samples.bytes(Samples.BUFFER + 1);
		Grower dead = new Grower(store(), key());
		dead.appendOf(Samples.bytes(2 * Samples.BUFFER), 2 * Samples.BUFFER);
		Grower grower = new Grower(store(), key()).ending();
		grower.appendOf(all, all.length);
		grower.finish();
		assertHolds(key(), all);
		dead.forget();
		assertHolds(key(), all);
		assertThat(openUploads(key())).isEmpty();
	}

	@Test
	void appendsObjectsAtTheSameTime() throws Exception {
		List<ObjectKey> keys = Stream.generate(Samples::newKey).limit(6).toList();
		byte[] all = Samples.bytes(2 * Samples.BUFFER + 5);
		keys.parallelStream().forEach((key) -> {
			Grower grower = new Grower(store(), key);
			try {
				grower.appendOf(all, Samples.BUFFER + 3);
				grower.ending().appendOf(all, all.length);
			}
			catch (IOException | ObjectTooLargeException ex) {
				throw new AssertionError(ex);
			}
			grower.finish();
			grower.forget();
		});
		for (ObjectKey key : keys) {
			assertThat(store().find(key)).map(ObjectInfo::size).contains((long) all.length);
			assertHolds(key, all);
		}
	}

	@Test
	void holdsAnyFileThatS3CanHoweverOftenItIsInterrupted() {
		assertThat(store().maxAppendedSize()).isBetween(10_000L * LEAST, store().maxSize());
	}

}
