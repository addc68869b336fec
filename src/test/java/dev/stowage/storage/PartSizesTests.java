package dev.stowage.storage;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class PartSizesTests {

	private static final long ALL_OF_ONE = 10_000L * BufferPool.BUFFER_SIZE;

	@ParameterizedTest
	@ValueSource(longs = { 0, 1, BufferPool.BUFFER_SIZE, 512L << 20, ALL_OF_ONE })
	void takesOneBufferForEachPartWhereThatSuffices(long bytes) {
		PartSizes sizes = PartSizes.forStreamOf(bytes, 64);
		assertThat(sizes.buffers(1)).isEqualTo(1);
		assertThat(sizes.buffers(10_000)).isEqualTo(1);
		assertThat(sizes.total()).isEqualTo(ALL_OF_ONE);
	}

	@Test
	void startsWithOneBufferAndDoublesEveryThousandParts() {
		PartSizes sizes = new PartSizes(8);
		assertThat(sizes.buffers(1)).isEqualTo(1);
		assertThat(sizes.buffers(1_000)).isEqualTo(1);
		assertThat(sizes.buffers(1_001)).isEqualTo(2);
		assertThat(sizes.buffers(2_000)).isEqualTo(2);
		assertThat(sizes.buffers(2_001)).isEqualTo(4);
		assertThat(sizes.buffers(3_001)).isEqualTo(8);
		assertThat(sizes.buffers(10_000)).isEqualTo(8);
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2, 4, 8, 16, 32, 64 })
	void totalIsWhatTenThousandPartsHold(int largest) {
		PartSizes sizes = new PartSizes(largest);
		long total = 0;
		for (int number = 1; number <= 10_000; number++) {
			assertThat(sizes.buffers(number)).isBetween(1, largest);
			total += (long) sizes.buffers(number) * BufferPool.BUFFER_SIZE;
		}
		assertThat(sizes.total()).isEqualTo(total);
	}

	@ParameterizedTest
	@ValueSource(ints = { 2, 4, 8, 16, 32, 64 })
	void choosesTheGentlestThatSuffices(int largest) {
		long most = new PartSizes(largest).total();
		long lessThanNeedsIt = new PartSizes(largest / 2).total();
		assertThat(PartSizes.forStreamOf(most, 64).largest()).isEqualTo(largest);
		assertThat(PartSizes.forStreamOf(lessThanNeedsIt, 64).largest()).isEqualTo(largest / 2);
		assertThat(PartSizes.forStreamOf(lessThanNeedsIt + 1, 64).largest()).isEqualTo(largest);
	}

	@ParameterizedTest
	@CsvSource({ "1, 1", "4, 4", "7, 4", "64, 64" })
	void refusesWhatThePoolCannotHold(int allowed, int largest) {
		long most = new PartSizes(largest).total();
		assertThat(PartSizes.forStreamOf(most, allowed).total()).isEqualTo(most);
		assertThatExceptionOfType(IllegalArgumentException.class)
			.isThrownBy(() -> PartSizes.forStreamOf(most + 1, allowed));
	}

}
