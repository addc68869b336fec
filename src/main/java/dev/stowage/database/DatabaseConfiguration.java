package dev.stowage.database;

import java.util.Optional;

import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.MeterBinder;

import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Keeps statements prepared, and measures how many changes wait. */
@Configuration(proxyBeanMethods = false)
class DatabaseConfiguration {

	@Bean
	static BeanPostProcessor preparedStatements() {
		return new BeanPostProcessor() {

			@Override
			public Object postProcessBeforeInitialization(Object bean, String name) {
				if (bean instanceof HikariDataSource pool) {
					PreparedStatements.keep(pool);
				}
				return bean;
			}

		};
	}

	@Bean
	MeterBinder databaseMeters(Optional<GroupCommit> together) {
		return (meters) -> together
			.ifPresent((group) -> Gauge.builder("stowage.database.waiting", group, GroupCommit::waiting)
				.description("Changes that wait for SQLite's one writer")
				.register(meters));
	}

}
