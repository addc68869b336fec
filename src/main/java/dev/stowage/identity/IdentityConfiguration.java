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

	/** Whether or not this server sweeps; at the start it was compared already. */
	@Bean
	SchedulingConfigurer bindingTheStore(StoreBinding binding) {
		return (tasks) -> tasks.addFixedDelayTask(new FixedDelayTask(binding::tend, TEND_INTERVAL, TEND_INTERVAL));
	}

}
