package dev.stowage.keys;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/**
 * Notes once a minute when keys were last used, so that no request waits for it. A use
 * that could not be noted is forgotten.
 */
@Component
class LastUses implements DisposableBean {

	private static final Logger logger = LoggerFactory.getLogger(LastUses.class);

	static final Duration EVERY = Duration.ofMinutes(1);

	private final KeyRepository rows;

	private final Clock clock;

	/** By id; no more than there are keys. */
	private final Map<String, Instant> uses = new ConcurrentHashMap<>();

	LastUses(KeyRepository rows, Clock clock) {
		this.rows = rows;
		this.clock = clock;
	}

	void note(String id) {
		this.uses.put(id, this.clock.instant());
	}

	/** Must be called once a minute. */
	void write() {
		this.uses.forEach((id, at) -> {
			try {
				this.rows.noteUse(id, at, EVERY);
			}
			catch (DataAccessException ex) {
				logger.debug("The last use of a key was not noted: {}", ex.getMessage());
			}
			this.uses.remove(id, at);
		});
	}

	/** After the web server has stopped. */
	@Override
	public void destroy() {
		write();
	}

}
