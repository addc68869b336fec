package dev.stowage.storage.s3;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.stowage.storage.ObjectInfo;
import dev.stowage.storage.ObjectKey;
import dev.stowage.storage.ObjectStore;
import dev.stowage.storage.ObjectTooLargeException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** How {@link ObjectStore#put} stores a stream, or removes it. */
abstract class StreamedPutContract extends SignedRequestContract {

	static final int THREE_PARTS = 2 * Samples.BUFFER + 4_321;

	private static final long ANY = Long.MAX_VALUE / 1_000_000_000;

	private ObjectKey key = Samples.newKey();

	@BeforeEach
	void useNewKey() {
		this.key = Samples.newKey();
	}

	ObjectKey key() {
		return this.key;
	}

	@Test
	void storesNothingOfEmptyStream() throws Exception {
		assertThat(store().put(this.key, InputStream.nullInputStream(), ANY)).isZero();
		assertNothingIsLeft();
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, Samples.BUFFER - 1, Samples.BUFFER, Samples.BUFFER + 1, 2 * Samples.BUFFER, THREE_PARTS })
	void storesStreamByteForByte(int size) throws Exception {
		byte[] bytes = Samples.bytes(size);
		assertThat(store().put(this.key, Samples.stream(bytes), ANY)).isEqualTo(size);
		ObjectInfo info = store().find(this.key).orElseThrow();
		assertThat(info.key()).isEqualTo(this.key);
		assertThat(info.size()).isEqualTo(size);
		assertThat(info.etag()).isNotBlank().doesNotContain("\"");
		assertHolds(this.key, bytes);
		assertThat(openUploads(this.key)).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(ints = { 10, THREE_PARTS })
	void doesNotCloseTheStream(int size) throws Exception {
		AtomicBoolean closed = new AtomicBoolean();
		InputStream bytes = new FilterInputStream(Samples.stream(Samples.bytes(size))) {
			@Override
			public void close() {
				closed.set(true);
			}
		};
		store().put(this.key, bytes, ANY);
		assertThat(closed).isFalse();
	}

	@ParameterizedTest
	@ValueSource(ints = { 10, Samples.BUFFER, THREE_PARTS })
	void showsNothingBeforeTheStreamHasEnded(int size) throws Exception {
		AtomicBoolean looked = new AtomicBoolean();
		store().put(this.key, Samples.streamThen(size, () -> {
			assertThat(store().find(this.key)).isEmpty();
			looked.set(true);
		}), ANY);
		assertThat(looked).isTrue();
		assertHolds(this.key, Samples.bytes(size));
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 1_000, Samples.BUFFER, Samples.BUFFER + 1, THREE_PARTS })
	void acceptsStreamOfExactlyTheLimit(int limit) throws Exception {
		assertThat(store().put(this.key, Samples.stream(Samples.bytes(limit)), limit)).isEqualTo(limit);
		assertThat(store().find(this.key)).map(ObjectInfo::size).contains((long) limit);
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 1_000, Samples.BUFFER - 1, Samples.BUFFER, Samples.BUFFER + 1, 2 * Samples.BUFFER,
			THREE_PARTS })
	void refusesStreamLargerThanLimit(int limit) {
		byte[] bytes = Samples.bytes(limit + 1);
		assertThatExceptionOfType(ObjectTooLargeException.class)
			.isThrownBy(() -> store().put(this.key, Samples.stream(bytes), limit))
			.satisfies((ex) -> assertThat(ex.limit()).isEqualTo(limit));
		assertNothingIsLeft();
	}

	@Test
	void refusesEndlessStreamAsSoonAsItExceedsTheLimit() {
		InputStream endless = new InputStream() {
			@Override
			public int read() {
				return 0;
			}
		};
		assertThatExceptionOfType(ObjectTooLargeException.class)
			.isThrownBy(() -> store().put(this.key, endless, 5_000));
		assertNothingIsLeft();
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, Samples.BUFFER - 1, Samples.BUFFER, Samples.BUFFER + 1, THREE_PARTS })
	void throwsTheStreamsOwnExceptionAndTakesBackWhatWasSent(int arrived) {
		IOException hangUp = new IOException("the client disconnected");
		InputStream bytes = Samples.streamThen(arrived, () -> {
			throw hangUp;
		});
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> store().put(this.key, bytes, ANY))
			.isSameAs(hangUp);
		assertNothingIsLeft();
	}

	@Test
	void throwsUncheckedExceptionOfTheStreamAndTakesBackWhatWasSent() {
		InputStream bytes = Samples.streamThen(THREE_PARTS, () -> {
			throw new AssertionError("broken stream");
		});
		assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> store().put(this.key, bytes, ANY))
			.withMessage("broken stream");
		assertNothingIsLeft();
	}

	@ParameterizedTest
	@CsvSource({ "5, 7", THREE_PARTS + ", 7", "7, " + THREE_PARTS })
	void replacesTheWholeObject(int before, int after) throws Exception {
		put(this.key, Samples.bytes(before));
		put(this.key, Samples.bytes(after));
		assertHolds(this.key, Samples.bytes(after));
	}

	@ParameterizedTest
	@ValueSource(ints = { 10, THREE_PARTS })
	void keepsTheOldObjectWhenReplacingItFails(int arrived) throws Exception {
		put(this.key, Samples.bytes(99));
		assertThatExceptionOfType(ObjectTooLargeException.class)
			.isThrownBy(() -> store().put(this.key, Samples.stream(Samples.bytes(arrived)), arrived - 1));
		assertHolds(this.key, Samples.bytes(99));
		assertThat(openUploads(this.key)).isEmpty();
	}

	void assertNothingIsLeft() {
		assertThat(store().find(this.key)).isEmpty();
		assertThat(openUploads(this.key)).isEmpty();
	}

}
