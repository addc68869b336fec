package dev.stowage.sweep;

import java.time.Duration;
import java.time.Instant;

import dev.stowage.database.TestDatabase;

/** The rows of expired keys, for tests of every package. */
public final class KeyRows {

	private final TestDatabase database;

	private final ExpiredKeyRepository keys;

	public KeyRows(TestDatabase database) {
		this.database = database;
		this.keys = new ExpiredKeyRepository(database.jdbc(), database.changes());
	}

	/** Removes expired ones, with the default lifetime. */
	public int remove(Instant now, int limit) {
		return this.keys.remove(now, now.minus(Duration.ofDays(1)), limit);
	}

	/** How many keys there are. */
	public int count() {
		return this.database.jdbc().sql("SELECT count(*) FROM idempotency_key").query(Integer.class).single();
	}

}
