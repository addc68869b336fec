package dev.stowage;

import java.time.Duration;
import java.time.temporal.ChronoUnit;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.convert.DurationUnit;

/**
 * How the server stops.
 *
 * @param shutdownDelay how long it goes on serving after it was told to stop; without a
 * unit seconds
 */
@ConfigurationProperties("stowage")
record ShutdownProperties(@DurationUnit(ChronoUnit.SECONDS) @DefaultValue("0s") Duration shutdownDelay) {

	ShutdownProperties {
		if (shutdownDelay.isNegative()) {
			throw new IllegalArgumentException("stowage.shutdown-delay must not be negative");
		}
	}

}
