package dev.stowage.sweep;

import java.time.Instant;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * How many files have expired, beside all. Every method throws Spring's
 * {@code DataAccessException} when the database fails.
 */
@Repository
class ShareRepository {

	private final JdbcClient jdbc;

	ShareRepository(JdbcClient jdbc) {
		this.jdbc = jdbc;
	}

	/** Whether at least this many rows are due, of any kind. */
	boolean areDue(long count, Instant now) {
		return this.jdbc.sql("SELECT count(*) FROM (SELECT 1 FROM file WHERE sweep_at <= :now LIMIT :count) AS due")
			.param("now", now.getEpochSecond())
			.param("count", count)
			.query(Long.class)
			.single() >= count;
	}

	/** How many expired files still exist. */
	long expired(Instant now) {
		return this.jdbc
			.sql("SELECT count(*) FROM file WHERE status = 'AVAILABLE' AND sweep_at <= :now AND expires_at <= :now")
			.param("now", now.getEpochSecond())
			.query(Long.class)
			.single();
	}

	/**
	 * How many available files exist, including expired ones, counted to a limit: the
	 * cost is that of the limit, not of all files.
	 */
	long available(long limit) {
		return this.jdbc
			.sql("SELECT count(*) FROM (SELECT 1 FROM file WHERE status = 'AVAILABLE' LIMIT :limit) AS known")
			.param("limit", limit)
			.query(Long.class)
			.single();
	}

}
