package dev.stowage.keys;

import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class KeyTextTests {

	@Test
	void saysWhatItWasMadeOf() {
		KeyText key = KeyText.random();
		assertThat(key.text()).matches("sk-[0-9A-Za-z]{61}");
		assertThat(KeyText.parse(key.text())).contains(key);
	}

	@Test
	void isNeverTheSame() {
		assertThat(IntStream.range(0, 100).mapToObj((number) -> KeyText.random().text())).doesNotHaveDuplicates();
	}

	@Test
	void revealsEachTypingError() {
		String text = KeyText.random().text();
		for (int i = 3; i < text.length(); i++) {
			char other = (text.charAt(i) == 'a') ? 'b' : 'a';
			String wrong = text.substring(0, i) + other + text.substring(i + 1);
			assertThatExceptionOfType(KeyRefusedException.class).isThrownBy(() -> KeyText.parse(wrong))
				.withMessageContaining("typing error")
				.withMessageNotContaining(wrong.substring(3, 20));
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "sk-", "sk-alice-0123456789abcdef",
			"sk-0123456789012345678901234567890123456789012345678901234567890",
			"sk-01234567890123456789012345678901234567890123456789012345678\u00e4\u00e4",
			"pk-0123456789012345678901234567890123456789012345678901234567890" })
	void isNoTextOfAnotherShape(String text) {
		assertThat(KeyText.parse(text + (text.length() > 40 ? "-" : ""))).isEmpty();
	}

	@Test
	void revealsNothingWhenPrinted() {
		KeyText key = KeyText.random();
		assertThat(key.toString() + key.hash()).doesNotContain(key.secret()).doesNotContain(key.hash().hex());
	}

}
