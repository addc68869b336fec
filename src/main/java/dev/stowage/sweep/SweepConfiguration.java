package dev.stowage.sweep;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.SchedulingConfigurer;

/** Schedules the rounds of the sweeper. */
@Configuration(proxyBeanMethods = false)
@EnableScheduling
class SweepConfiguration {

	@Bean
	SchedulingConfigurer sweeping(SweepRounds rounds, SweepProperties properties) {
		return (tasks) -> properties.sweepEvery()
			.ifPresent((interval) -> tasks.addFixedDelayTask(rounds::next, interval));
	}

}
