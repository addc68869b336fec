package dev.stowage.file;

import java.time.Duration;

import dev.stowage.identity.StoreBinding;
import dev.stowage.storage.ObjectStore;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.SchedulingConfigurer;

/** Configures how deletes remove objects, and how files are counted. */
@Configuration(proxyBeanMethods = false)
@EnableScheduling
class FileConfiguration {

	private static final Duration COUNT_INTERVAL = Duration.ofMinutes(1);

	@Bean
	PromptRemoval promptRemoval(ObjectStore store, StoreBinding binding) {
		return new PromptRemoval(store, binding::isOurs);
	}

	/**
	 * At most as often as the default sweep interval, however often this instance sweeps.
	 */
	@Bean
	SchedulingConfigurer counting(FileCounts counts) {
		return (tasks) -> tasks.addTriggerTask(counts::count, (last) -> FileCounts.next(last, COUNT_INTERVAL));
	}

}
