package dev.stowage.storage;

import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import dev.stowage.storage.PartSource.Part;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class PartSourceTests {

	private static final long ANY = 1L << 34;

	private final BufferPool pool = new BufferPool(2);

	@Test
	void emptyStreamHasNoPartAndTakesNoBuffer() throws Exception {
		PartSource source = new PartSource(InputStream.nullInputStream(), ANY, this.pool);
		assertThat(source.next()).isEmpty();
		assertThat(source.next()).isEmpty();
		assertThat(source.total()).isZero();
		assertThat(this.pool.available()).isEqualTo(2);
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, Samples.BUFFER - 1, Samples.BUFFER })
	void streamThatFitsIsOneLastPart(int size) throws Exception {
		PartSource source = new PartSource(Samples.stream(Samples.bytes(size)), ANY, this.pool);
		Part part = source.next().orElseThrow();
		assertThat(part.number()).isEqualTo(1);
		assertThat(part.last()).isTrue();
		assertThat(part.length()).isEqualTo(size);
		assertThat(source.total()).isEqualTo(size);
		assertThat(source.next()).isEmpty();
		source.release(part);
		assertThat(this.pool.available()).isEqualTo(2);
	}

	@Test
	void cutsLongerStreamIntoFullPartsAndRest() throws Exception {
		byte[] bytes = Samples.bytes(Samples.BUFFER + 1);
		PartSource source = new PartSource(Samples.stream(bytes), ANY, this.pool);
		Part first = source.next().orElseThrow();
		Part second = source.next().orElseThrow();
		assertThat(first.last()).isFalse();
		assertThat(first.open().readAllBytes()).isEqualTo(Arrays.copyOf(bytes, Samples.BUFFER));
		assertThat(second.last()).isTrue();
		assertThat(second.number()).isEqualTo(2);
		assertThat(second.open().readAllBytes()).containsExactly(bytes[Samples.BUFFER]);
	}

	@Test
	void asksForBufferOnlyWhenTheByteThatNeedsItHasCome() throws Exception {
		AtomicInteger availableAtStart = new AtomicInteger(-1);
		InputStream bytes = new SequenceInputStream(
				Samples.streamThen(0, () -> availableAtStart.set(this.pool.available())),
				Samples.stream(Samples.bytes(3)));
		assertThat(new PartSource(bytes, ANY, this.pool).next()).map(Part::length).contains(3L);
		assertThat(availableAtStart).hasValue(2);
		assertThat(this.pool.available()).isEqualTo(1);
	}

	@Test
	void readsOnWhenReadBringsNothing() throws Exception {
		byte[] bytes = Samples.bytes(1_000);
		InputStream hesitant = new InputStream() {
			private final InputStream in = Samples.stream(bytes);

			private boolean nothing;

			@Override
			public int read() throws IOException {
				return this.in.read();
			}

			@Override
			public int read(byte[] buffer, int offset, int length) throws IOException {
				this.nothing = !this.nothing;
				return this.nothing ? 0 : this.in.read(buffer, offset, Math.min(length, 7));
			}
		};
		Part part = new PartSource(hesitant, ANY, this.pool).next().orElseThrow();
		assertThat(part.open().readAllBytes()).isEqualTo(bytes);
	}

	@Test
	void takesLargerPartsWhenThereAreMany() throws Exception {
		InputStream endless = new InputStream() {
			@Override
			public int read() {
				return 1;
			}

			@Override
			public int read(byte[] buffer, int offset, int length) {
				return length;
			}
		};
		PartSource source = new PartSource(endless, 10_001L * Samples.BUFFER, this.pool);
		for (int number = 1; number <= 1_000; number++) {
			Part part = source.next().orElseThrow();
			assertThat(part.length()).isEqualTo(Samples.BUFFER);
			source.release(part);
		}
		Part larger = source.next().orElseThrow();
		assertThat(larger.length()).isEqualTo(2 * Samples.BUFFER);
		assertThat(larger.buffers()).hasSize(2);
		assertThat(this.pool.available()).isZero();
		source.release(larger);
		assertThat(this.pool.available()).isEqualTo(2);
	}

	@Test
	void givesBuffersBackWhenTheLimitIsCrossed() {
		PartSource source = new PartSource(Samples.stream(Samples.bytes(11)), 10, this.pool);
		assertThatExceptionOfType(ObjectTooLargeException.class).isThrownBy(source::next);
		assertThat(this.pool.available()).isEqualTo(2);
	}

	@Test
	void partIsReadFromItsStartEachTime() throws Exception {
		Part part = new Part(1, List.of(new byte[] { 1, 2, 3 }, new byte[] { 4, 5, 6 }), 5, true);
		assertThat(part.open().readAllBytes()).containsExactly(1, 2, 3, 4, 5);
		assertThat(part.open().readAllBytes()).containsExactly(1, 2, 3, 4, 5);
	}

}
