package dev.stowage.identity;

import java.time.Duration;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.SchedulingConfigurer;
import org.springframework.scheduling.config.FixedDelayTask;

/** Compares the store's identity with the database's from time to time. */
@Configuration(proxyBeanMethods = false)
@EnableScheduling
class IdentityConfiguration {

	private static final Duration TEND_INTERVAL = Duration.ofMinutes(1);

	/**
	 * Runs even if this instance does not sweep. The start has already made the first
	 * comparison.
	 */
	@Bean
	SchedulingConfigurer bindingTheStore(StoreBinding binding) {
		return (tasks) -> tasks.addFixedDelayTask(new FixedDelayTask(binding::tend, TEND_INTERVAL, TEND_INTERVAL));
	}

}
