package dev.stowage.sweep;

import java.time.Instant;

import dev.stowage.database.Changes;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * The rows of {@code Idempotency-Key}s whose time is over. Every method throws Spring's
 * {@code DataAccessException} when the database fails.
 */
@Repository
class ExpiredKeyRepository {

	private final JdbcClient jdbc;

	private final Changes changes;

	ExpiredKeyRepository(JdbcClient jdbc, Changes changes) {
		this.jdbc = jdbc;
		this.changes = changes;
	}

	/**
	 * Removes rows whose time is over and that no other instance is removing, up to a
	 * limit, and returns how many. The time of an answer starts with it, and an upload
	 * that takes longer keeps its row. The outer condition is for rows that another
	 * request takes over at the same time.
	 */
	int remove(Instant now, Instant answeredBefore, int limit) {
		String unlocked = this.changes.areShared() ? " FOR UPDATE OF k SKIP LOCKED" : "";
		return this.changes.update(this.jdbc.sql("""
				DELETE FROM idempotency_key WHERE expires_at <= :now AND (owner, key) IN (
					SELECT k.owner, k.key FROM idempotency_key k
					WHERE k.expires_at <= :now AND (k.created_at <= :answered OR (k.created_at IS NULL
						AND NOT EXISTS (SELECT 1 FROM file f WHERE f.id = k.file_id AND f.status = 'PENDING')))
					ORDER BY k.expires_at LIMIT :limit%s)""".formatted(unlocked))
			.param("now", now.getEpochSecond())
			.param("answered", answeredBefore.getEpochSecond())
			.param("limit", limit));
	}

}
