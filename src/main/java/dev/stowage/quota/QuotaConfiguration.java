package dev.stowage.quota;

import org.springframework.beans.factory.InitializingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.SchedulingConfigurer;
import org.springframework.scheduling.config.FixedDelayTask;

/** Writes the settings to the database, and reads the limits of owners. */
@Configuration(proxyBeanMethods = false)
class QuotaConfiguration {

	/** Before the first request is served. */
	@Bean
	InitializingBean usualQuota(QuotaRepository rows, QuotaProperties properties) {
		return () -> rows.setUsual(properties.quota());
	}

	@Bean
	InitializingBean firstLimits(KnownLimits limits) {
		return limits::look;
	}

	@Bean
	SchedulingConfigurer lookingForLimits(KnownLimits limits) {
		return (tasks) -> tasks
			.addFixedDelayTask(new FixedDelayTask(limits::look, KnownLimits.EVERY, KnownLimits.EVERY));
	}

}
