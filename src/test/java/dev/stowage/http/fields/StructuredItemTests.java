package dev.stowage.http.fields;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Items by the grammar of RFC 9651; what is malformed counts as missing. */
class StructuredItemTests {

	@ParameterizedTest
	@CsvSource(delimiter = '|', ignoreLeadingAndTrailingWhitespace = false, value = { "?1|true", "?0|false", " ?1|true",
			"?0 |false", "?1;a|true", "?1;a=1;b=\"x;y\"|true", "?0; a=?1; b=:YQ==:|false", "?1;*x=a/b|true" })
	void readBooleans(String text, boolean value) {
		assertThat(StructuredItem.bool(List.of(text))).contains(value);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "1", "0", "true", "?", "?2", "?10", "??1", "\"?1\"", "?1,?1", "?1 ;a", "?1;",
			"?1;A", "?1;a=", "?1\t", "(?1)", "?1;a=\"", "?1;a b" })
	void ignoreWhatIsNoBoolean(String text) {
		assertThat(StructuredItem.bool(List.of(text))).isEmpty();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', ignoreLeadingAndTrailingWhitespace = false,
			value = { "0|0", "42|42", "007|7", " 42 |42", "999999999999999|999999999999999", "-0|0", "42;a;b=2|42" })
	void readSizes(String text, long value) {
		assertThat(StructuredItem.size(List.of(text))).hasValue(value);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "-1", "+1", "1.0", "1.", "1e3", "0x10", "1000000000000000", "1 2", "1,2", "\"1\"",
			"?1", ":MQ==:", "1;", "١" })
	void ignoreWhatIsNoSize(String text) {
		assertThat(StructuredItem.size(List.of(text))).isEmpty();
	}

	@Test
	void ignoreAHeaderThatComesTwice() {
		assertThat(StructuredItem.bool(List.of("?1", "?1"))).isEmpty();
		assertThat(StructuredItem.size(List.of("1", "1"))).isEmpty();
	}

	@Test
	void areMissingWithoutAHeader() {
		assertThat(StructuredItem.bool(List.of())).isEqualTo(Optional.empty());
		assertThat(StructuredItem.size(List.of())).isEqualTo(OptionalLong.empty());
	}

	@Test
	void readLongParametersInLinearTime() {
		char[] many = new char[8_000];
		Arrays.fill(many, 'a');
		String name = new String(many);
		assertThat(StructuredItem.bool(List.of("?1;" + name + "=" + name))).contains(true);
		assertThat(StructuredItem.bool(List.of("?1" + ";a=1".repeat(2_000) + "!"))).isEmpty();
	}

}
