package dev.stowage.sweep;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** Every setting of the sweeper: its default, its unit and its bad values. */
class SweepPropertiesTests {

	@Test
	void hasDefaults() {
		SweepProperties defaults = bind(Map.of());
		assertThat(defaults.sweepEvery()).contains(Duration.ofMinutes(1));
		assertThat(defaults.sweep()).isEqualTo(new SweepProperties.Sweep(Duration.ofHours(1), 0.5, 1000));
	}

	@Test
	void takesNumbersWithoutAUnitAsSeconds() {
		SweepProperties properties = bind(Map.of("stowage.sweep-interval", "63", "stowage.sweep.max-clock-jump", "64"));
		assertThat(properties.sweepEvery()).contains(Duration.ofSeconds(63));
		assertThat(properties.sweep().maxClockJump()).isEqualTo(Duration.ofSeconds(64));
	}

	@ParameterizedTest
	@ValueSource(strings = { "never", "-", "0" })
	void sweepsNotWhereToldSo(String interval) {
		assertThat(bind(Map.of("stowage.sweep-interval", interval)).sweepEvery()).isEqualTo(Optional.empty());
	}

	@ParameterizedTest
	@CsvSource({ "sweep-interval, -1, stowage.sweep-interval must not be negative",
			"sweep.max-clock-jump, 0, stowage.sweep.max-clock-jump must be more than 0s",
			"sweep.max-share, 1.1, stowage.sweep.max-share must be 0 to 1",
			"sweep.max-share, -0.1, stowage.sweep.max-share must be 0 to 1",
			"sweep.usual-count, -1, stowage.sweep.usual-count must not be negative" })
	void refusesWithAReason(String name, String value, String reason) {
		assertThatExceptionOfType(BindException.class).isThrownBy(() -> bind(Map.of("stowage." + name, value)))
			.satisfies((ex) -> assertThat(ex).rootCause().hasMessage(reason));
	}

	private static SweepProperties bind(Map<String, String> settings) {
		return new Binder(new MapConfigurationPropertySource(settings)).bindOrCreate("stowage", SweepProperties.class);
	}

}
