package dev.stowage.http.limits;

import dev.stowage.owner.Limits;
import dev.stowage.settings.InvalidSettingException;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** The limits of the settings. */
class LimitPropertiesTests {

	@Test
	void areZeroToTenMillion() {
		assertThat(new LimitProperties(0, 10_000_000).limits()).isEqualTo(new Limits(0, 10_000_000));
		assertThatExceptionOfType(InvalidSettingException.class).isThrownBy(() -> new LimitProperties(-1, 0))
			.withMessage("stowage.rate-limit must be 0 to 10000000");
		assertThatExceptionOfType(InvalidSettingException.class).isThrownBy(() -> new LimitProperties(0, 10_000_001))
			.withMessage("stowage.uploads-at-once must be 0 to 10000000");
	}

}
