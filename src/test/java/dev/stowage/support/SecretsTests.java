package dev.stowage.support;

import java.io.IOException;
import java.util.List;
import java.util.function.Predicate;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** The search for secrets finds them. */
class SecretsTests {

	private static final String USED = "used-" + "0123456789abcdef";

	private static final String MANAGED = "sk-" + "0123456789ab" + "A".repeat(43) + "abcdef";

	@ParameterizedTest
	@ValueSource(strings = { "%s", "key=%s,", "\"Authorization\": \"Bearer %s\"" })
	void findsAKeyThatATestHasUsed(String line) throws IOException {
		Secrets.note(USED);
		assertThat(Secrets.search()).accepts(line.formatted(USED));
		assertThatExceptionOfType(AssertionError.class)
			.isThrownBy(() -> Secrets.requireNoneIn("a line", "one\n" + line.formatted(USED)))
			.withMessageContaining("a line");
	}

	@Test
	void findsItsHash() throws IOException {
		Secrets.note(USED);
		assertThat(Secrets.search()).accepts("hash 381c5b0211eeef80fc0dcfc4e09e9411c797389cbdf6a5c89554610235d63649.",
				"OBxbAhHu74D8Dc/E4J6UEceXOJy99qXIlVRhAjXWNkk=");
	}

	@Test
	void findsWhatHasTheShapeOfASecret() throws IOException {
		Predicate<String> search = Secrets.search();
		for (String line : List.of("made " + MANAGED, "?x-amz-signature=" + "0a".repeat(32),
				"token eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJl")) {
			assertThat(search).as(line).accepts(line);
		}
		assertThat(search).rejects("Uploaded file-0VbeiqehcWyKCCTcdR6xhRgrbtmPrE", "sk-short", "",
				"  export API_KEY=" + MANAGED);
	}

}
