package dev.stowage.file;

import java.time.Clock;
import java.time.Instant;

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
	SchedulingConfigurer sweeping(Sweeper sweeper, Leases leases, DatabaseClock shared, Clock clock,
			FileProperties properties) {
		return (tasks) -> properties.sweepEvery().ifPresent((interval) -> tasks.addFixedDelayTask(() -> {
			Instant now = clock.instant();
			if (!shared.isFarBehind(now)) {
				// or a clock that was just set forward makes our own uploads look
				// abandoned
				leases.renew();
				sweeper.sweep(now);
			}
		}, interval));
	}

}
