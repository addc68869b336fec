package dev.stowage.sweep;

import java.time.Duration;
import java.time.Instant;

import dev.stowage.upload.UploadProperties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/** Removes {@code Idempotency-Key}s whose time is over, some in each round. */
@Component
class ExpiredKeys {

	private static final Logger logger = LoggerFactory.getLogger(ExpiredKeys.class);

	private static final int BATCH = 1_000;

	/** More than are added between two rounds; the next round removes the rest. */
	private static final int MAX_BATCHES = 100;

	private final ExpiredKeyRepository keys;

	private final Duration ttl;

	ExpiredKeys(ExpiredKeyRepository keys, UploadProperties properties) {
		this.keys = keys;
		this.ttl = properties.idempotency().ttl();
	}

	void remove(Instant now) {
		try {
			int removed = BATCH;
			for (int batch = 0; batch < MAX_BATCHES && removed == BATCH; batch++) {
				removed = this.keys.remove(now, now.minus(this.ttl), BATCH);
			}
		}
		catch (DataAccessException ex) {
			logger.warn("Could not remove expired keys: {}", ex.getMessage());
		}
	}

}
