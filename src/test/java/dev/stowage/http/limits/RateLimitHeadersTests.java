package dev.stowage.http.limits;

import java.time.Duration;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/** How durations are written. */
class RateLimitHeadersTests {

	@ParameterizedTest
	@CsvSource({ "PT0S, 0s, 1", "PT0.000000001S, 1ms, 1", "PT0.12S, 120ms, 1", "PT0.999S, 999ms, 1", "PT0.9991S, 1s, 1",
			"PT1S, 1s, 1", "PT1.001S, 2s, 2", "PT59.2S, 1m0s, 60", "PT1M, 1m0s, 60", "PT6M, 6m0s, 360",
			"PT1H1M1S, 61m1s, 3661" })
	void areThoseOfOpenAiAndWholeSeconds(Duration duration, String text, long seconds) {
		assertThat(RateLimitHeaders.text(duration)).isEqualTo(text);
		assertThat(RateLimitHeaders.wholeSeconds(duration)).isEqualTo(seconds);
	}

}
