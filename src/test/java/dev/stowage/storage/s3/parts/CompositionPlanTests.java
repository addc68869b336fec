package dev.stowage.storage.s3.parts;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;

import dev.stowage.storage.ObjectKey;
import dev.stowage.storage.ObjectRange;
import dev.stowage.storage.s3.parts.ComposedPart.Copied;
import dev.stowage.storage.s3.parts.ComposedPart.Merged;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class CompositionPlanTests {

	private static final long MIB = 1024 * 1024;

	private static final long GIB = 1024 * MIB;

	private static final long LEAST = 5 * MIB;

	private static final long MEMORY = 8 * MIB;

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			5242880                     | c5242880
			5242879                     | m5242879
			1,2,3                       | m6
			5242880,1,5242880           | c5242880 m5242881
			5242880,1,10485760          | c5242880 m5242880 c5242881
			5242880,5242879             | c5242880 m5242879
			1,10485759                  | m5242880 c5242880
			1,10485758                  | m8388608 m2097151
			5242879,5242880             | m8388608 m2097151
			4194304,4194304,5242880     | m8388608 c5242880
			5368709120                  | c5368709120
			5368709121                  | c2684354561 c2684354560
			12884901888                 | c4294967296 c4294967296 c4294967296
			""")
	void copiesWhatIsLargeAndMergesTheRest(String sources, String parts) {
		assertThat(plan(ranges(sources), MEMORY)).extracting(CompositionPlanTests::describe)
			.containsExactly(parts.split(" "));
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2, 3, 4, 5, 6, 7, 8 })
	void keepsEveryLimitWhateverTheSizes(int seed) {
		Random random = new Random(seed);
		List<ObjectRange> sources = Stream
			.generate(() -> ObjectRange.ofUnchanging(key(random.nextInt()),
					1 + (long) Math.exp(random.nextDouble(Math.log(12.0 * GIB)))))
			.limit(2_000)
			.toList();
		List<ComposedPart> parts = plan(sources, MEMORY);
		assertThat(parts.subList(0, parts.size() - 1)).allSatisfy((part) -> {
			assertThat(part.length()).isGreaterThanOrEqualTo(LEAST);
			assertThat(part.length()).isLessThanOrEqualTo((part instanceof Merged) ? MEMORY : 5 * GIB);
		});
		assertThat(bytes(parts.stream()
			.flatMap((part) -> (part instanceof Merged merged) ? merged.sources().stream()
					: Stream.of(((Copied) part).source()))))
			.isEqualTo(bytes(sources.stream()));
	}

	/** The runs, after neighbouring ones are joined. */
	private static List<String> bytes(Stream<ObjectRange> ranges) {
		List<String> runs = new ArrayList<>();
		List<ObjectRange> last = new ArrayList<>();
		ranges.forEach((range) -> {
			boolean joins = !last.isEmpty() && last.getFirst().key().equals(range.key())
					&& last.getFirst().offset() + last.getFirst().length() == range.offset();
			ObjectRange run = joins ? new ObjectRange(range.key(), range.size(), range.etag(), last.getFirst().offset(),
					last.getFirst().length() + range.length()) : range;
			if (joins) {
				runs.removeLast();
			}
			runs.add(run.toString());
			last.clear();
			last.add(run);
		});
		return runs;
	}

	@Test
	void copiesTenThousandParts() {
		List<ComposedPart> parts = plan(Collections.nCopies(10_000, ObjectRange.ofUnchanging(key(1), 64 * MIB)),
				MEMORY);
		assertThat(parts).hasSize(10_000).hasOnlyElementsOfType(Copied.class);
	}

	@ParameterizedTest
	@CsvSource({ "20000, 5242880, 16", "40000, 5242880, 32", "100000, 5242880, 64", "1000000, 1, 8",
			"10001, 5242880, 8" })
	void mergesMoreWhereThePartsWouldNotSuffice(int count, long size, long mib) {
		List<ComposedPart> parts = plan(Collections.nCopies(count, ObjectRange.ofUnchanging(key(1), size)), 64 * MIB);
		assertThat(parts).hasSizeLessThanOrEqualTo(10_000)
			.allSatisfy((part) -> assertThat(part.length()).isLessThanOrEqualTo(mib * MIB));
		assertThat(parts.stream().mapToLong(ComposedPart::length).sum()).isEqualTo(count * size);
	}

	@Test
	void refusesWhatTenThousandPartsCannotHold() {
		List<ObjectRange> sources = Collections.nCopies(10_001, ObjectRange.ofUnchanging(key(1), 64 * MIB));
		assertThatIllegalArgumentException().isThrownBy(() -> plan(sources, 64 * MIB))
			.withMessageContaining("10001 sources");
		List<ObjectRange> huge = List.of(ObjectRange.ofUnchanging(key(1), 50_001 * GIB));
		assertThatIllegalArgumentException().isThrownBy(() -> plan(huge, 64 * MIB));
	}

	private static List<ComposedPart> plan(List<ObjectRange> sources, long memory) {
		return CompositionPlan.of(sources, memory);
	}

	private static List<ObjectRange> ranges(String sizes) {
		return LongStream.of(Stream.of(sizes.split(",")).mapToLong(Long::parseLong).toArray())
			.mapToObj((size) -> ObjectRange.ofUnchanging(key(1), size))
			.toList();
	}

	private static ObjectKey key(int number) {
		return new ObjectKey("k/" + Integer.toUnsignedString(number));
	}

	private static String describe(ComposedPart part) {
		return ((part instanceof Merged) ? "m" : "c") + part.length();
	}

}
