package dev.stowage.http.limits;

import dev.stowage.owner.Limits;
import dev.stowage.owner.LimitsOf;
import io.github.bucket4j.TimeMeter;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Fallback;

/** Where limits come from, and the time by which they are counted. */
@Configuration(proxyBeanMethods = false)
class LimitsConfiguration {

	/** Used unless there is another one. */
	@Bean
	@Fallback
	LimitsOf limitsBySettings(LimitProperties properties) {
		Limits limits = properties.limits();
		return (owner) -> limits;
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
