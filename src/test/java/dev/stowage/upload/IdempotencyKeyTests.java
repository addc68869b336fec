package dev.stowage.upload;

import dev.stowage.file.FileException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** Which values of the header are keys, and which of them are the same. */
class IdempotencyKeyTests {

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
			a                                      | a
			"a"                                    | a
			8e03978e-40d5-43dd-bc93-6894a57f9324   | 8e03978e-40d5-43dd-bc93-6894a57f9324
			"8e03978e-40d5-43dd-bc93-6894a57f9324" | 8e03978e-40d5-43dd-bc93-6894a57f9324
			"a\\"b\\\\c"                           | a"b\\c
			a"b\\c                                 | a"b\\c
			a b                                    | a b
			" "                                    | ` `
			~!@#$%^&*()_+;=,'?                     | ~!@#$%^&*()_+;=,'?
			""")
	void isTheTextWithoutItsQuotes(String header, String key) {
		assertThat(IdempotencyKey.parse(header)).isEqualTo(new IdempotencyKey(key));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "\"\"", "\"", "\"a", "\"a\"b", "\"a\";x=1", "\"a\\\"", "\"a\\b\"", "\"a\\", "é",
			"\"é\"", "a\tb", "a\u0000", "日本", "a\u007f" })
	void isRefusedWithAReason(String header) {
		assertThatExceptionOfType(FileException.InvalidParameter.class).isThrownBy(() -> IdempotencyKey.parse(header))
			.withMessageStartingWith("Idempotency-Key must be 1 to 255 printable ASCII characters")
			.returns("Idempotency-Key", FileException.InvalidParameter::parameter);
	}

	@Test
	void hasAtMost255Characters() {
		assertThat(IdempotencyKey.parse("k".repeat(255)).value()).hasSize(255);
		assertThat(IdempotencyKey.parse("\"" + "\\\"".repeat(255) + "\"").value()).hasSize(255);
		assertThatExceptionOfType(FileException.InvalidParameter.class)
			.isThrownBy(() -> IdempotencyKey.parse("k".repeat(256)));
		assertThatExceptionOfType(FileException.InvalidParameter.class)
			.isThrownBy(() -> IdempotencyKey.parse("\"" + "k".repeat(256) + "\""));
	}

	@Test
	void isNotShown() {
		assertThat(new IdempotencyKey("secret")).asString().doesNotContain("secret");
	}

}
