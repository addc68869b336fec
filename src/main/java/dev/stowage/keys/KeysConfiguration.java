package dev.stowage.keys;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.SchedulingConfigurer;
import org.springframework.scheduling.config.FixedDelayTask;

/** Notes the uses of keys from time to time. */
@Configuration(proxyBeanMethods = false)
@EnableScheduling
class KeysConfiguration {

	@Bean
	SchedulingConfigurer notingUses(LastUses uses) {
		return (tasks) -> tasks.addFixedDelayTask(new FixedDelayTask(uses::write, LastUses.EVERY, LastUses.EVERY));
	}

}
