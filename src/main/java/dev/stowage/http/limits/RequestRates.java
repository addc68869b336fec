package dev.stowage.http.limits;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

import dev.stowage.owner.Owner;
import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import io.github.bucket4j.TokensInheritanceStrategy;
import io.github.bucket4j.local.SynchronizationStrategy;
import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Component;

/**
 * Counts the requests of each owner that has a limit. A full bucket says no more than a
 * missing one, so the first request of each minute removes those, and only owners that
 * have sent something within about a minute take memory.
 */
@Component
class RequestRates {

	private static final Duration MINUTE = Duration.ofMinutes(1);

	private final Map<Owner, Rate> rates = new ConcurrentHashMap<>();

	private final TimeMeter time;

	private final AtomicLong lastCleaned;

	RequestRates(TimeMeter time) {
		this.time = time;
		this.lastCleaned = new AtomicLong(time.currentTimeNanos());
	}

	/**
	 * Counts a request of an owner, unless it is beyond the limit.
	 * @param perMinute the present limit, from 1. If it has changed, the owner keeps the
	 * same share of the new one as it had of the old one
	 */
	Allowance take(Owner owner, int perMinute) {
		cleanOnceAMinute();
		Allowance allowance = null;
		while (allowance == null) {
			allowance = this.rates.computeIfAbsent(owner, (added) -> new Rate(perMinute, this.time)).take(perMinute);
		}
		return allowance;
	}

	/** For how many owners memory is held. */
	int size() {
		return this.rates.size();
	}

	private void cleanOnceAMinute() {
		long last = this.lastCleaned.get();
		long now = this.time.currentTimeNanos();
		if (now - last >= MINUTE.toNanos() && this.lastCleaned.compareAndSet(last, now)) {
			this.rates.values().removeIf(Rate::endIfFull);
		}
	}

	/** One owner's bucket; its lock guards the bucket. */
	private static final class Rate {

		private final Bucket bucket;

		private int perMinute;

		private boolean ended;

		Rate(int perMinute, TimeMeter time) {
			this.perMinute = perMinute;
			this.bucket = Bucket.builder()
				.addLimit(bandwidth(perMinute))
				.withCustomTimePrecision(time)
				.withSynchronizationStrategy(SynchronizationStrategy.NONE)
				.build();
		}

		private static Bandwidth bandwidth(int perMinute) {
			return Bandwidth.builder().capacity(perMinute).refillGreedy(perMinute, MINUTE).build();
		}

		/** Returns null if it has ended, because then another one counts. */
		synchronized @Nullable Allowance take(int limit) {
			if (this.ended) {
				return null;
			}
			if (limit != this.perMinute) {
				this.bucket.replaceConfiguration(BucketConfiguration.builder().addLimit(bandwidth(limit)).build(),
						TokensInheritanceStrategy.PROPORTIONALLY);
				this.perMinute = limit;
			}
			ConsumptionProbe probe = this.bucket.tryConsumeAndReturnRemaining(1);
			return new Allowance(limit, probe.getRemainingTokens(), probe.isConsumed(),
					Duration.ofNanos(probe.getNanosToWaitForRefill()),
					Duration.ofNanos(probe.getNanosToWaitForReset()));
		}

		synchronized boolean endIfFull() {
			this.ended = this.bucket.getAvailableTokens() >= this.perMinute;
			return this.ended;
		}

	}

}
