package dev.stowage.file;

import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

import dev.stowage.storage.ObjectStore;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.MeterBinder;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.SchedulingConfigurer;
import org.springframework.scheduling.config.FixedDelayTask;

/** Gives files their clock, deletes their removal, and the sweeper its rounds. */
@Configuration(proxyBeanMethods = false)
@EnableScheduling
class FileConfiguration {

	private static final Duration TEND_INTERVAL = Duration.ofMinutes(1);

	private static final Duration COUNT_INTERVAL = Duration.ofMinutes(1);

	@Bean
	Clock clock() {
		return Clock.systemUTC();
	}

	@Bean
	PromptRemoval promptRemoval(ObjectStore store, StoreBinding binding) {
		return new PromptRemoval(store, binding::isOurs);
	}

	@Bean
	SchedulingConfigurer sweeping(SweepRounds rounds, FileProperties properties) {
		return (tasks) -> properties.sweepEvery()
			.ifPresent((interval) -> tasks.addFixedDelayTask(rounds::next, interval));
	}

	/** Whether or not this server sweeps; at the start it was compared already. */
	@Bean
	SchedulingConfigurer bindingTheStore(StoreBinding binding) {
		return (tasks) -> tasks.addFixedDelayTask(new FixedDelayTask(binding::tend, TEND_INTERVAL, TEND_INTERVAL));
	}

	/** Not more often than the default sweeps, however often this instance sweeps. */
	@Bean
	SchedulingConfigurer counting(FileCounts counts) {
		return (tasks) -> tasks.addTriggerTask(counts::count, (last) -> FileCounts.next(last, COUNT_INTERVAL));
	}

	@Bean
	MeterBinder fileMeters(Leases leases, Optional<GroupCommit> together) {
		return (meters) -> {
			Gauge.builder("stowage.uploads", leases, Leases::size)
				.description("Uploads through this server that are in flight")
				.register(meters);
			FunctionCounter.builder("stowage.received", leases, Leases::received)
				.baseUnit("bytes")
				.description("Bytes of files that clients sent through this server, be they kept or not")
				.register(meters);
			together.ifPresent((group) -> Gauge.builder("stowage.database.waiting", group, GroupCommit::waiting)
				.description("Changes that wait for SQLite's one writer")
				.register(meters));
		};
	}

}
