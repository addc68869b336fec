package dev.stowage.database;

import java.time.Duration;
import java.time.Instant;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The clock that all instances share. Each compares its own clock with it. */
@Component
public class DatabaseClock {

	private static final Logger logger = LoggerFactory.getLogger(DatabaseClock.class);

	private static final Duration TOLERANCE = Duration.ofMinutes(1);

	private final JdbcClient jdbc;

	/** SQLite has no clock of its own; it uses this machine's. */
	private final boolean isOurs;

	DatabaseClock(JdbcClient jdbc, Changes changes) {
		this.jdbc = jdbc;
		this.isOurs = !changes.areShared();
	}

	/**
	 * Whether a time is so far ahead of the database's clock that what is due then is not
	 * due for other instances. Also true if the database does not answer.
	 */
	public boolean isAheadOfOthers(Instant time) {
		if (this.isOurs) {
			return false;
		}
		try {
			Duration ahead = Duration.between(now(), time);
			if (ahead.abs().compareTo(TOLERANCE) > 0) {
				logger.warn(
						"The clock of this machine is {} s {} the database's. Set it right: an instance that is ahead"
								+ " sweeps nothing, and other instances may sweep uploads to one that is behind",
						ahead.abs().toSeconds(), ahead.isNegative() ? "behind" : "ahead of");
			}
			return ahead.compareTo(TOLERANCE) > 0;
		}
		catch (DataAccessException ex) {
			logger.warn("The sweep did not start because the database failed: {}", ex.getMessage());
			return true;
		}
	}

	private Instant now() {
		return Instant.ofEpochSecond(
				this.jdbc.sql("SELECT CAST(extract(epoch FROM now()) AS BIGINT)").query(Long.class).single());
	}

}
