package dev.stowage.file;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/** Ids that sort by time and cannot be guessed. */
class FileIdTests {

	private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");

	@Test
	void sortsByTimeInTheOrderOfItsBytes() {
		List<Instant> times = Stream.of(Stream.iterate(NOW, (time) -> time.plusMillis(1)).limit(2000),
				Stream.iterate(NOW.plusSeconds(10), (time) -> time.plusSeconds(7)).limit(2000),
				Stream.iterate(Instant.parse("2027-01-01T00:00:00Z"), (time) -> time.plusSeconds(86_400L * 331))
					.limit(6000))
			.flatMap((part) -> part)
			.toList();
		assertThat(times.getLast()).isAfter("7400-01-01T00:00:00Z");
		List<FileId> ids = times.stream().map(FileId::createdAt).toList();
		assertThat(ids).isSorted();
		Comparator<FileId> byBytes = Comparator.comparing((id) -> id.value().getBytes(StandardCharsets.US_ASCII),
				Arrays::compareUnsigned);
		assertThat(ids).isSortedAccordingTo(byBytes);
	}

	@Test
	void isNeverTheSameTwiceInOneMillisecond() {
		Set<FileId> ids = new HashSet<>();
		for (int i = 0; i < 100_000; i++) {
			ids.add(FileId.createdAt(NOW));
		}
		assertThat(ids).hasSize(100_000);
	}

	@Test
	void hasNothingInCommonWithItsNeighbourButTheTime() {
		String one = FileId.createdAt(NOW).value();
		String other = FileId.createdAt(NOW).value();
		assertThat(one).matches("file-[0-9A-Za-z]{30}").startsWith(other.substring(0, "file-".length() + 8));
		assertThat(one.substring(13, 18)).isNotEqualTo(other.substring(13, 18));
	}

	@Test
	void isReadAsItIsWritten() {
		FileId id = FileId.createdAt(NOW);
		assertThat(FileId.parse(id.toString())).contains(id);
		assertThat(FileId.parse("file-" + "0".repeat(24))).isPresent();
		assertThat(FileId.parse("file-" + "z".repeat(64))).isPresent();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "file-", "file-abc", "file-12345678901234567890123", "FILE-123456789012345678901234",
			"123456789012345678901234", "file-12345678901234567890123-", "file-12345678901234567890123é",
			"file-123456789012345678901234\n", " file-123456789012345678901234", "file-../12345678901234567890123",
			"file-12345678901234567890123456789012345678901234567890123456789012345" })
	void readsNothingElse(String text) {
		assertThat(FileId.parse(text)).isEmpty();
		assertThatIllegalArgumentException().isThrownBy(() -> new FileId(text));
	}

}
