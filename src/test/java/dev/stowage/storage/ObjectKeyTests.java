package dev.stowage.storage;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class ObjectKeyTests {

	@ParameterizedTest
	@ValueSource(strings = { "a", "files/file-0Az", "a/b/c.1", "-a/0", "a..b" })
	void acceptsPathsOfPlainSegments(String value) {
		assertThat(new ObjectKey(value)).hasToString(value);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "/", "/a", "a/", "a//b", ".", "..", "a/..", "../a", "a/.b", "a b", "a\\b", "a%2fb",
			"ä", "a_b", "a\n", "a?b" })
	void refusesWhatIsNoSafePath(String value) {
		assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> new ObjectKey(value));
	}

	@Test
	void refusesLongKeys() {
		assertThat(new ObjectKey("a".repeat(200)).value()).hasSize(200);
		assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> new ObjectKey("a".repeat(201)));
	}

}
