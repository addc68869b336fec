package dev.stowage.http.limits;

import dev.stowage.owner.Limits;
import dev.stowage.owner.LimitsOf;
import dev.stowage.quota.KnownLimits;
import io.github.bucket4j.TimeMeter;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Where limits come from, and the time by which they are counted. */
@Configuration(proxyBeanMethods = false)
class LimitsConfiguration {

	/** The limits of an owner, otherwise those of the settings. */
	@Bean
	LimitsOf limitsOf(LimitProperties properties, KnownLimits known) {
		Limits usual = properties.limits();
		return (owner) -> known.of(owner, usual);
	}

	/**
	 * Never goes back, unlike the clock: while a clock that was set back catches up, no
	 * bucket would be refilled. Tests replace it.
	 */
	@Bean
	TimeMeter limitTime() {
		return TimeMeter.SYSTEM_NANOTIME;
	}

}
