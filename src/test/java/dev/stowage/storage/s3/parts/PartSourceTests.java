package dev.stowage.storage.s3.parts;

import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

import dev.stowage.memory.UploadMemory;
import dev.stowage.storage.Checksum;
import dev.stowage.storage.IncomingBytes;
import dev.stowage.storage.ObjectTooLargeException;
import dev.stowage.storage.s3.Samples;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class PartSourceTests {

	private static final long ANY = 1L << 34;

	private final UploadMemory memory = Samples.memoryFor(8);

	private final int free = this.memory.available();

	private final PartSizes sizes = PartSizes.within(2 * Samples.BUFFER);

	@Test
	void emptyStreamHasNoPartAndTakesNoMemory() throws Exception {
		PartSource source = new PartSource(IncomingBytes.of(InputStream.nullInputStream(), ANY), this.memory,
				this.sizes);
		assertThat(source.next()).isEmpty();
		assertThat(source.next()).isEmpty();
		assertThat(source.total().length()).isZero();
		assertThat(this.memory.available()).isEqualTo(this.free);
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, Samples.BUFFER - 1, Samples.BUFFER })
	void streamThatFitsIsOneLastPart(int size) throws Exception {
		PartSource source = new PartSource(IncomingBytes.of(Samples.stream(Samples.bytes(size)), ANY), this.memory,
				this.sizes);
		Part part = source.next().orElseThrow();
		assertThat(part.number()).isEqualTo(1);
		assertThat(part.last()).isTrue();
		assertThat(part.length()).isEqualTo(size);
		assertThat(source.total().length()).isEqualTo(size);
		assertThat(source.next()).isEmpty();
		part.close();
		assertThat(this.memory.available()).isEqualTo(this.free);
	}

	@Test
	void cutsLongerStreamIntoFullPartsAndRest() throws Exception {
		byte[] bytes = Samples.bytes(Samples.BUFFER + 1);
		PartSource source = new PartSource(IncomingBytes.of(Samples.stream(bytes), ANY), this.memory, this.sizes);
		Part first = source.next().orElseThrow();
		Part second = source.next().orElseThrow();
		assertThat(first.last()).isFalse();
		assertThat(first.bytes().open().readAllBytes()).isEqualTo(Arrays.copyOf(bytes, Samples.BUFFER));
		assertThat(second.last()).isTrue();
		assertThat(second.number()).isEqualTo(2);
		assertThat(second.bytes().open().readAllBytes()).containsExactly(bytes[Samples.BUFFER]);
	}

	@Test
	void shortStreamNeedsNoneOfTheSharedMemory() throws Exception {
		Part part = source(16 * 1024).next().orElseThrow();
		assertThat(part.last()).isTrue();
		assertThat(this.memory.available()).isEqualTo(this.free);
	}

	@Test
	void claimsMemoryOnlyWhenTheByteThatNeedsItHasCome() throws Exception {
		AtomicInteger afterFirst = new AtomicInteger();
		InputStream bytes = new SequenceInputStream(
				Samples.streamThen(16 * 1024, () -> afterFirst.set(this.memory.available())),
				Samples.stream(Samples.bytes(1)));
		Part part = new PartSource(IncomingBytes.of(bytes, ANY), this.memory, this.sizes).next().orElseThrow();
		assertThat(part.length()).isEqualTo(16 * 1024 + 1);
		assertThat(afterFirst).hasValue(this.free);
		assertThat(this.memory.available()).isEqualTo(this.free - 1);
	}

	@Test
	void holdsWholePartWhileItIsFilledAndAfterwardsWhatItTook() throws Exception {
		AtomicInteger whileFilled = new AtomicInteger();
		InputStream bytes = Samples.streamThen(100_000, () -> whileFilled.set(this.memory.available()));
		Part part = new PartSource(IncomingBytes.of(bytes, ANY), this.memory, this.sizes).next().orElseThrow();
		assertThat(whileFilled).hasValue(this.free - Samples.CHUNKS);
		assertThat(this.memory.available()).isEqualTo(this.free - 2);
		part.close();
		assertThat(this.memory.available()).isEqualTo(this.free);
	}

	@Test
	void claimsNoMoreThanTheLimitLeaves() throws Exception {
		AtomicInteger whileFilled = new AtomicInteger();
		InputStream bytes = Samples.streamThen(100_000, () -> whileFilled.set(this.memory.available()));
		assertThat(new PartSource(IncomingBytes.of(bytes, 300_000), this.memory, this.sizes).next()).isPresent();
		assertThat(this.free - whileFilled.get()).isEqualTo(5);
	}

	private PartSource source(int size) {
		return new PartSource(IncomingBytes.of(Samples.stream(Samples.bytes(size)), ANY), this.memory, this.sizes);
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
		Part part = new PartSource(IncomingBytes.of(hesitant, ANY), this.memory, this.sizes).next().orElseThrow();
		assertThat(part.bytes().open().readAllBytes()).isEqualTo(bytes);
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
		PartSource source = new PartSource(IncomingBytes.of(endless, 10_001L * Samples.BUFFER), this.memory,
				this.sizes);
		for (int number = 1; number <= 1_000; number++) {
			Part part = source.next().orElseThrow();
			assertThat(part.length()).isEqualTo(Samples.BUFFER);
			part.close();
		}
		Part larger = source.next().orElseThrow();
		assertThat(larger.length()).isEqualTo(2 * Samples.BUFFER);
		assertThat(this.memory.available()).isEqualTo(this.free - 2 * Samples.CHUNKS);
		larger.close();
		assertThat(this.memory.available()).isEqualTo(this.free);
	}

	@Test
	void givesBuffersBackWhenTheLimitIsCrossed() {
		PartSource source = new PartSource(IncomingBytes.of(Samples.stream(Samples.bytes(11)), 10), this.memory,
				this.sizes);
		assertThatExceptionOfType(ObjectTooLargeException.class).isThrownBy(source::next);
		assertThat(this.memory.available()).isEqualTo(this.free);
	}

	@Test
	void partIsReadFromItsStartEachTime() throws Exception {
		Part part = new Part(1, List.of(new byte[] { 1, 2, 3 }, new byte[] { 4, 5, 6 }), new Checksum(5, 0), true,
				Optional.empty());
		assertThat(part.bytes().open().readAllBytes()).containsExactly(1, 2, 3, 4, 5);
		assertThat(part.bytes().open().readAllBytes()).containsExactly(1, 2, 3, 4, 5);
	}

}
