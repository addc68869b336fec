package dev.stowage.database;

import java.util.Optional;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.MeterBinder;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Measures how many changes wait. */
@Configuration(proxyBeanMethods = false)
class DatabaseConfiguration {

	@Bean
	MeterBinder databaseMeters(Optional<GroupCommit> together) {
		return (meters) -> together
			.ifPresent((group) -> Gauge.builder("stowage.database.waiting", group, GroupCommit::waiting)
				.description("Changes that wait for SQLite's one writer")
				.register(meters));
	}

}
