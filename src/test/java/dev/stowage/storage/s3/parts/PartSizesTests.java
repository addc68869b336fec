package dev.stowage.storage.s3.parts;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class PartSizesTests {

	private static final long SMALLEST = PartSizes.SMALLEST;

	private static final long ALL_SMALLEST = 10_000 * SMALLEST;

	private final PartSizes most = new PartSizes(64 * SMALLEST);

	@ParameterizedTest
	@ValueSource(longs = { 0, 1, PartSizes.SMALLEST, 512L << 20, ALL_SMALLEST })
	void takesTheSmallestForEachPartWhereThatSuffices(long bytes) {
		PartSizes sizes = this.most.forStreamOf(bytes);
		assertThat(sizes.size(1)).isEqualTo(SMALLEST);
		assertThat(sizes.size(10_000)).isEqualTo(SMALLEST);
		assertThat(sizes.total()).isEqualTo(ALL_SMALLEST);
	}

	@ParameterizedTest
	@CsvSource({ "1, 1", "1000, 1", "1001, 2", "2000, 2", "2001, 4", "3001, 8", "10000, 8" })
	void startsWithTheSmallestAndDoublesEveryThousandParts(int number, int times) {
		assertThat(new PartSizes(8 * SMALLEST).size(number)).isEqualTo(times * SMALLEST);
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2, 4, 8, 16, 32, 64 })
	void totalIsWhatTenThousandPartsHold(int times) {
		PartSizes sizes = new PartSizes(times * SMALLEST);
		long total = 0;
		for (int number = 1; number <= 10_000; number++) {
			assertThat(sizes.size(number)).isBetween(SMALLEST, times * SMALLEST);
			total += sizes.size(number);
		}
		assertThat(sizes.total()).isEqualTo(total);
	}

	@ParameterizedTest
	@ValueSource(ints = { 2, 4, 8, 16, 32, 64 })
	void choosesTheGentlestThatSuffices(int times) {
		long suffices = new PartSizes(times * SMALLEST).total();
		long lessThanNeedsIt = new PartSizes(times * SMALLEST / 2).total();
		assertThat(this.most.forStreamOf(suffices).largest()).isEqualTo(times * SMALLEST);
		assertThat(this.most.forStreamOf(lessThanNeedsIt).largest()).isEqualTo(times * SMALLEST / 2);
		assertThat(this.most.forStreamOf(lessThanNeedsIt + 1).largest()).isEqualTo(times * SMALLEST);
	}

	@ParameterizedTest
	@CsvSource({ "1, 1", "4, 4", "7, 4", "64, 64" })
	void refusesWhatTheMemoryCannotHold(int allowed, int times) {
		PartSizes sizes = PartSizes.within(allowed * SMALLEST);
		long total = new PartSizes(times * SMALLEST).total();
		assertThat(sizes.total()).isEqualTo(total);
		assertThat(sizes.forStreamOf(total).total()).isEqualTo(total);
		assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> sizes.forStreamOf(total + 1));
	}

	/** 5 MiB is the least that S3 takes for a part before the last. */
	@ParameterizedTest
	@CsvSource({ "1, 5", "1000, 5", "1001, 8", "2001, 16", "3001, 32", "10000, 32" })
	void usesAPartOfAStreamThatPausesFromHalfOfItsSize(int number, int mebibytes) {
		assertThat(new PartSizes(8 * SMALLEST).least(number)).isEqualTo((long) mebibytes << 20);
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2, 8, 64 })
	void holdsAStreamThatAlwaysPausesAtTheWorstMoment(int times) {
		PartSizes sizes = new PartSizes(times * SMALLEST);
		long total = 0;
		for (int number = 1; number <= 10_000; number++) {
			assertThat(sizes.least(number)).isBetween(5L << 20, sizes.size(number));
			total += sizes.least(number);
		}
		assertThat(sizes.leastTotal()).isEqualTo(total);
	}

	@Test
	void takesNoPartLargerThanTheMemory() {
		assertThat(PartSizes.within(3 * SMALLEST - 1).largest()).isEqualTo(2 * SMALLEST);
	}

}
