package dev.stowage.file;

import java.time.Clock;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.SchedulingConfigurer;

/** Gives files their clock, the sweeper its rounds, and leases their renewal. */
@Configuration(proxyBeanMethods = false)
@EnableScheduling
class FileConfiguration {

	@Bean
	Clock clock() {
		return Clock.systemUTC();
	}

	@Bean
	SchedulingConfigurer sweeping(Sweeper sweeper, FileProperties properties) {
		return (tasks) -> properties.sweepEvery()
			.ifPresent((interval) -> tasks.addFixedDelayTask(sweeper::sweep, interval));
	}

	/** At a fixed rate, so that no sweep, however long, keeps it waiting. */
	@Bean
	SchedulingConfigurer renewing(Leases leases) {
		return (tasks) -> tasks.addFixedRateTask(leases::renew, leases.interval());
	}

}
