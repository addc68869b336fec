package dev.stowage.owner;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/** The valid names of owners. */
class OwnerTests {

	@ParameterizedTest
	@ValueSource(strings = { "a", "alice", "Team-1", "a.b_c@example.org",
			"0123456789012345678901234567890123456789012345678901234567890123" })
	void acceptsPlainNames(String name) {
		assertThat(new Owner(name).name()).isEqualTo(name);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "a b", "a,b", "a=b", "é", "a\n",
			"01234567890123456789012345678901234567890123456789012345678901234" })
	void refusesOthers(String name) {
		assertThatIllegalArgumentException().isThrownBy(() -> new Owner(name))
			.withMessage("An owner's name is 1 to 64 letters, digits, dots, dashes, underscores or @");
	}

}
