package dev.stowage.settings;

import java.time.Duration;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/** How a length of time is configured. */
class DurationOrNeverTests {

	@ParameterizedTest
	@CsvSource({ "30d, P30D", "90, PT90S", "5m, PT5M", "1500ms, PT1.5S", "0, PT0S", "-5m, PT-5M", "PT1H, PT1H",
			"' 1h ', PT1H" })
	void readsADurationInSecondsWhereNoUnitIsGiven(String text, Duration expected) {
		assertThat(DurationOrNever.of(text).duration()).contains(expected);
	}

	@ParameterizedTest
	@ValueSource(strings = { "never", "NEVER", " never ", "-" })
	void readsForEver(String text) {
		assertThat(DurationOrNever.of(text).duration()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "ever", "30 days", "1.5h" })
	void refusesAnythingElse(String text) {
		assertThatIllegalArgumentException().isThrownBy(() -> DurationOrNever.of(text));
	}

}
