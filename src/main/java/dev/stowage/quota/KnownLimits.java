package dev.stowage.quota;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import dev.stowage.owner.Limits;
import dev.stowage.owner.Owner;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/**
 * The limits of requests of the owners that have their own, as far as this instance
 * knows: a change on another instance is known within 10 seconds. Holds one small entry
 * for each such owner.
 */
@Component
public class KnownLimits {

	static final Duration EVERY = Duration.ofSeconds(5);

	/** By how much the clocks of instances may differ. */
	private static final Duration SKEW = Duration.ofMinutes(1);

	private static final Logger logger = LoggerFactory.getLogger(KnownLimits.class);

	private final QuotaRepository rows;

	private final Clock clock;

	private final Map<Owner, OwnerLimit> limits = new ConcurrentHashMap<>();

	private Instant read = Instant.EPOCH;

	KnownLimits(QuotaRepository rows, Clock clock) {
		this.rows = rows;
		this.clock = clock;
	}

	/**
	 * The limits of an owner, from memory.
	 * @param usual those of owners that have none of their own
	 */
	public Limits of(Owner owner, Limits usual) {
		OwnerLimit own = this.limits.get(owner);
		return (own != null) ? own.over(usual) : usual;
	}

	void set(Owner owner, OwnerLimit limit) {
		if (limit.requestsPerMinute().isEmpty() && limit.uploadsAtOnce().isEmpty()) {
			this.limits.remove(owner);
		}
		else {
			this.limits.put(owner, limit);
		}
	}

	/** Must be called every few seconds. Reads only what has changed. */
	void look() {
		Instant now = this.clock.instant();
		try {
			this.rows.forEachSince(this.read, this::set);
			this.read = now.minus(SKEW);
		}
		catch (DataAccessException ex) {
			logger.debug("The limits of owners could not be read: {}", ex.getMessage());
		}
	}

}
