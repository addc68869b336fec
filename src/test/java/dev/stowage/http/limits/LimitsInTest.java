package dev.stowage.http.limits;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import dev.stowage.owner.Limits;
import dev.stowage.owner.LimitsOf;
import dev.stowage.owner.Owner;
import io.github.bucket4j.TimeMeter;

import org.springframework.beans.factory.config.BeanPostProcessor;

/** Limits that a test changes while the server runs, and a time that it moves. */
final class LimitsInTest implements BeanPostProcessor {

	private final StandingTime time = new StandingTime();

	private final Map<Owner, Limits> limits = new ConcurrentHashMap<>();

	void set(String owner, int requestsPerMinute, int uploadsAtOnce) {
		this.limits.put(new Owner(owner), new Limits(requestsPerMinute, uploadsAtOnce));
	}

	/** Returns to those of the settings. */
	void clear() {
		this.limits.clear();
	}

	StandingTime time() {
		return this.time;
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String name) {
		if (bean instanceof LimitsOf settings) {
			return (LimitsOf) (owner) -> this.limits.getOrDefault(owner, settings.of(owner));
		}
		return (bean instanceof TimeMeter) ? this.time : bean;
	}

}
