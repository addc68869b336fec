package dev.stowage.event;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

import dev.stowage.database.Changes;
import dev.stowage.database.Sql;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * The events that are still to be delivered. Triggers write them.
 * <p>
 * A claim moves the time at which an event is due. No two callers claim the same event;
 * one whose claim ran out may be claimed again. Times are kept to the second. Every
 * method throws Spring's {@code DataAccessException} when the database fails.
 */
@Repository
class EventRepository {

	/**
	 * An event waits until all earlier ones of its file are delivered. New ones come
	 * before those that failed, however many these are.
	 */
	static final String DUE = """
			SELECT e.seq FROM event e WHERE e.due_at <= :now AND NOT EXISTS (
				SELECT 1 FROM event earlier WHERE earlier.file_id = e.file_id AND earlier.seq < e.seq)
			ORDER BY e.due_at, e.seq LIMIT :limit""";

	private final JdbcClient jdbc;

	private final Changes changes;

	EventRepository(JdbcClient jdbc, Changes changes) {
		this.jdbc = jdbc;
		this.changes = changes;
	}

	/**
	 * From now on, or from the moment on in which they are wanted, changes write events.
	 */
	void want() {
		if (!areWanted()) {
			this.changes.update(this.jdbc.sql("INSERT INTO events_wanted (one) VALUES (1) ON CONFLICT DO NOTHING"));
		}
	}

	/**
	 * From now on, changes write no events, and none are left.
	 * @return how many were still to be delivered
	 */
	int wantNone() {
		return areWanted() ? this.changes.makeAtOnce(() -> {
			this.jdbc.sql("DELETE FROM events_wanted").update();
			return this.jdbc.sql("DELETE FROM event").update();
		}) : 0;
	}

	private boolean areWanted() {
		return this.jdbc.sql("SELECT one FROM events_wanted").query(Integer.class).optional().isPresent();
	}

	/** When the oldest event happened; empty if there is none. */
	Optional<Instant> oldest() {
		return this.jdbc.sql("SELECT happened_at FROM event ORDER BY seq LIMIT 1")
			.query(Long.class)
			.optional()
			.map(Instant::ofEpochSecond);
	}

	/** Whether a claim would find any. It writes nothing. */
	boolean areDue(Instant now) {
		return this.jdbc.sql(DUE)
			.param("now", now.getEpochSecond())
			.param("limit", 1)
			.query(Long.class)
			.optional()
			.isPresent();
	}

	/**
	 * Claims events until the given time, those that failed last, and one of a file at
	 * most.
	 */
	List<Event> claim(Instant now, Instant until, int limit) {
		// as an array, the subquery runs only once
		String among = this.changes.areShared() ? "= ANY (ARRAY(" + DUE + " FOR UPDATE OF e SKIP LOCKED))"
				: "IN (" + DUE + ")";
		return this.changes.make(() -> this.jdbc
			.sql("UPDATE event SET due_at = :until WHERE seq " + among + " AND due_at <= :now RETURNING *")
			.param("now", now.getEpochSecond())
			.param("until", until.getEpochSecond())
			.param("limit", limit)
			.query(EventRepository::event)
			.list());
	}

	/** Removes events that were delivered. */
	void delivered(Collection<Event> events) {
		if (!events.isEmpty()) {
			this.changes.update(this.jdbc.sql("DELETE FROM event WHERE seq IN (:events)")
				.param("events", events.stream().map(Event::sequence).toList()));
		}
	}

	/** Makes an event that failed due again at the given time. */
	void failed(Event event, Instant claim, Instant again) {
		this.changes.update(this.jdbc.sql("""
				UPDATE event SET due_at = :again, attempts = attempts + 1 WHERE seq = :event AND due_at = :claim""")
			.param("event", event.sequence())
			.param("claim", claim.getEpochSecond())
			.param("again", again.getEpochSecond()));
	}

	/**
	 * Removes some of the oldest events, if they happened before the given time.
	 * @return how many
	 */
	int drop(Instant before, int limit) {
		return this.changes.update(this.jdbc.sql("""
				DELETE FROM event WHERE happened_at < :before
				AND seq IN (SELECT seq FROM event ORDER BY seq LIMIT :limit)""")
			.param("before", before.getEpochSecond())
			.param("limit", limit));
	}

	private static Event event(ResultSet row, int number) throws SQLException {
		return new Event(row.getLong("seq"), row.getString("id"), row.getString("type"), row.getString("file_id"),
				row.getString("owner"), row.getString("filename"), row.getString("purpose"), row.getLong("bytes"),
				Instant.ofEpochSecond(row.getLong("file_created_at")), Sql.instant(row, "file_expires_at"),
				Instant.ofEpochSecond(row.getLong("happened_at")), row.getInt("attempts"));
	}

}
