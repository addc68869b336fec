package dev.stowage.api;

import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** What clients may say of a file in words of their own. */
class MetadataTests {

	private static final String PIECE = "\ud83d\ude00";

	@Test
	void isSortedWhateverTheOrder() {
		Metadata one = read((metadata) -> metadata.acceptObject("{\"b\": \"2\", \"a\": \"\"}"));
		Metadata other = read((metadata) -> {
			metadata.accept("metadata[a]", "");
			metadata.accept("metadata[b]", "2");
		});
		assertThat(one.json()).contains("{\"a\":\"\",\"b\":\"2\"}").isEqualTo(other.json());
		assertThat(one.pairs()).isEqualTo(Map.of("a", "", "b", "2"));
	}

	@Test
	void isAbsentUnlessItWasGiven() {
		assertThat(new Metadata().json()).isEmpty();
		assertThat(read((metadata) -> metadata.acceptObject("{}")).json()).contains("{}");
	}

	@Test
	void hasAtMost16Pairs() {
		assertThat(read((metadata) -> addPairs(metadata, 16)).pairs()).hasSize(16);
		requireRefused((metadata) -> addPairs(metadata, 17), "'metadata' must have at most 16 pairs.");
	}

	private static void addPairs(Metadata metadata, int count) {
		IntStream.range(0, count).forEach((i) -> metadata.accept("metadata[k" + i + "]", "v"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "k", PIECE })
	void hasKeysOfAtMost64Characters(String character) {
		assertThat(pair(character.repeat(64), "v").pairs()).hasSize(1);
		requireRefused((metadata) -> metadata.accept("metadata[" + character.repeat(65) + "]", "v"),
				"A key of 'metadata' must have 1 to 64 characters.");
		requireRefused((metadata) -> metadata.acceptObject("{\"\": \"v\"}"),
				"A key of 'metadata' must have 1 to 64 characters.");
	}

	@ParameterizedTest
	@ValueSource(strings = { "v", PIECE })
	void hasValuesOfAtMost512Characters(String character) {
		assertThat(pair("k", character.repeat(512)).pairs()).hasSize(1);
		requireRefused((metadata) -> metadata.accept("metadata[k]", character.repeat(513)),
				"A value of 'metadata' must have at most 512 characters.");
	}

	@ParameterizedTest
	@ValueSource(strings = { "\u0000", "a\u0000b", "\ud83d", "\ude00\ud83d" })
	void isTextThatDatabasesKeep(String text) {
		requireRefused((metadata) -> metadata.accept("metadata[k]", text),
				"'metadata' must be text without NUL and without half characters.");
		requireRefused((metadata) -> metadata.accept("metadata[" + text + "]", "v"),
				"'metadata' must be text without NUL and without half characters.");
	}

	@ParameterizedTest
	@ValueSource(strings = { "a\nb", "\t", "\u0085", "\u007f" })
	void hasLinesAndOtherControls(String text) {
		assertThat(pair("k", text).pairs()).containsExactly(Map.entry("k", text));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "null" })
	void isMissingWhereAFormSaysNothing(String object) {
		Metadata metadata = new Metadata();
		metadata.accept("metadata", object);
		assertThat(metadata.json()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "metadata[", "metadata[a", "metadata[a][b]", "metadata[a]b" })
	void namesOneKeyInAField(String field) {
		requireRefused((metadata) -> metadata.accept(field, "v"),
				"'metadata' must name a key, such as 'metadata[project]'.");
	}

	@Test
	void hasNoKeyTwice() {
		requireRefused((metadata) -> {
			metadata.accept("metadata[a]", "1");
			metadata.accept("metadata", "{\"a\": \"1\"}");
		}, "'metadata' has a key twice.");
		requireRefused((metadata) -> metadata.accept("metadata", "{\"a\": \"1\", \"a\": \"2\"}"),
				"'metadata' must be a JSON object of strings such as {\"project\": \"acme\"}.");
	}

	@Test
	void leavesOtherFieldsAlone() {
		assertThat(Metadata.isNamed("metadata")).isTrue();
		assertThat(Metadata.isNamed("metadata[a]")).isTrue();
		assertThat(Metadata.isNamed("metadata2")).isFalse();
		assertThat(Metadata.isNamed("meta")).isFalse();
	}

	private static Metadata pair(String key, String value) {
		return read((metadata) -> metadata.accept("metadata[" + key + "]", value));
	}

	private static Metadata read(Consumer<Metadata> fields) {
		Metadata metadata = new Metadata();
		fields.accept(metadata);
		return metadata;
	}

	private static void requireRefused(Consumer<Metadata> fields, String message) {
		assertThatExceptionOfType(RequestException.class).isThrownBy(() -> read(fields))
			.withMessage(message)
			.returns("metadata", RequestException::param);
	}

}
