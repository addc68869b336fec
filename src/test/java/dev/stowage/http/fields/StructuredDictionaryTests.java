package dev.stowage.http.fields;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Dictionaries of structured fields (RFC 9651). */
class StructuredDictionaryTests {

	@ParameterizedTest
	@ValueSource(
			strings = { "a=:AQI=:", "  a=:AQI=:  ", "a=:AQI:", "a=:AQI=:;x;y=1", "b,a=:AQI=:", "b=1 \t,\t a=:AQI=:",
					"a=1, a=:AQI=:", "a=:AQI=:, b=(1 \"x\";p :AA==:);q, c=?0", "*k.-_9=tok/en:x, a=:AQI=:" })
	void decodesByteSequences(String text) {
		assertThat(bytes(parse(text), "a")).containsExactly(1, 2);
	}

	@ParameterizedTest
	@ValueSource(strings = { "a", "a;p", "a=1", "a=-1.5", "a=123456789012345", "a=123456789012.123", "a=\"\"",
			"a=\"x\\\"\\\\,\"", "a=token", "a=*", "a=?1", "a=@1659578233", "a=@-1", "a=%\"f%c3%bc\"", "a=()", "a=(  )",
			"a=( 1 2  3 )", "a=(1);p=:AQI=:", "a=:AQI=:, a=1" })
	void acceptsOtherValuesWithoutDecodingThem(String text) {
		assertThat(parse(text)).containsEntry("a", Optional.empty());
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "   " })
	void readsAnEmptyDictionary(String text) {
		assertThat(parse(text)).isEmpty();
	}

	@Test
	void joinsLinesByCommas() {
		Map<String, Optional<byte[]>> members = StructuredDictionary.parse(List.of("a=:AQ==:, b=:Ag==:", "a=:Aw==:"));
		assertThat(members).containsOnlyKeys("a", "b");
		assertThat(bytes(members, "a")).containsExactly(3);
		assertThat(bytes(members, "b")).containsExactly(2);
	}

	@Test
	void readsALongHeaderWithoutRecursion() {
		String many = "a=(" + "x;y ".repeat(50_000) + ");" + "p;".repeat(50_000) + "p, b=\"" + "\\\"x".repeat(50_000)
				+ "\", c=:" + "AAAA".repeat(50_000) + ":";
		assertThat(bytes(parse(many), "c")).hasSize(150_000);
	}

	@ParameterizedTest
	@ValueSource(strings = { ",", "a,", "a, ", ",a", "a,,b", "a b", "a=", "a=:", "a=:AQI=", "a=:A:", "a=:A===:",
			"a=:AQ=I:", "a=:AQI-:", "a=:AQ I=:", "a=:AQI=: :", "A=1", "1a=1", "a = 1", "a=1;", "a=1;P", "a=1 ;p=1 x",
			"a=(1", "a=(1,2)", "a=(1(2))", "a=(1\t2)", "a=(1\"x\")", "a=\"x", "a=\"\u00e9\"", "a=\"\\x\"",
			"a=1234567890123456", "a=1.", "a=.5", "a=--1", "a=?2", "a=?", "a=@1.5", "a=%\"%C3\"", "a='x'", "\ta=1",
			"sha-256=AQI=", "\u0000" })
	void refusesWhatIsNotADictionary(String text) {
		assertThatThrownBy(() -> parse(text)).isInstanceOf(IllegalArgumentException.class);
	}

	@Test
	void decodesWhatItsOwnCharactersMean() {
		assertThat(bytes(parse("a=:+/8=:"), "a")).containsExactly(0xfb, 0xff);
		assertThat(bytes(parse("a=::"), "a")).isEmpty();
		assertThat(bytes(parse("a=:eA==:"), "a")).asString(StandardCharsets.US_ASCII).isEqualTo("x");
	}

	private static byte[] bytes(Map<String, Optional<byte[]>> members, String key) {
		return members.getOrDefault(key, Optional.empty()).orElseThrow();
	}

	private static Map<String, Optional<byte[]>> parse(String text) {
		return StructuredDictionary.parse(List.of(text));
	}

}
