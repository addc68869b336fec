package dev.stowage.file;

import java.time.Clock;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.SchedulingConfigurer;

/** Gives files their clock, and the sweeper its rounds. */
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

}
