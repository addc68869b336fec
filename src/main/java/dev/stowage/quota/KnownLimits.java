package dev.stowage.quota;

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

	/** For how long changes may overlap, which do not see each other's times. */
	private static final Duration OVERLAP = Duration.ofMinutes(1);

	private static final Logger logger = LoggerFactory.getLogger(KnownLimits.class);

	private final QuotaRepository rows;

	private final Map<Owner, OwnerLimit> limits = new ConcurrentHashMap<>();

	/** The time of the latest change that was read, by whichever clock. */
	private Instant latest = Instant.EPOCH;

	/** When it was read, by {@link System#nanoTime()}. */
	private long readAt = System.nanoTime();

	KnownLimits(QuotaRepository rows) {
		this.rows = rows;
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

	/**
	 * Must be called every few seconds. Reads what has changed, and for a minute what was
	 * changed at about the same time.
	 */
	void look() {
		boolean isOver = System.nanoTime() - this.readAt > OVERLAP.toNanos();
		try {
			this.rows.forEachSince(isOver ? this.latest : this.latest.minus(OVERLAP), this::set)
				.filter((time) -> time.isAfter(this.latest))
				.ifPresent(this::haveRead);
		}
		catch (DataAccessException ex) {
			logger.debug("The limits of owners could not be read: {}", ex.getMessage());
		}
	}

	private void haveRead(Instant time) {
		this.latest = time;
		this.readAt = System.nanoTime();
	}

}
