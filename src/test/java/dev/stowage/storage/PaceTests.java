package dev.stowage.storage;

import java.util.concurrent.TimeUnit;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class PaceTests {

	@ParameterizedTest
	@CsvSource({ "16384, 1000, true", "1048575, 1000, true", "1048576, 1000, false", "524287, 501, true",
			"0, 500, false", "1, 501, true", "8388608, 8000, false", "8388608, 8001, true" })
	void isSlowBelowOneMebibyteInASecondAfterAMoment(long bytes, long millis, boolean slow) {
		assertThat(Pace.isSlow(bytes, TimeUnit.MILLISECONDS.toNanos(millis))).isEqualTo(slow);
	}

}
