package dev.stowage.file;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Supplier;

import dev.stowage.storage.ObjectKey;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * The rows of files, in SQLite or PostgreSQL: one dialect that both speak, every change
 * one statement of its own, conditional on the state that it leaves. What is bound to an
 * owner names the owner in its query. Times are kept to the second.
 * <p>
 * Every method throws Spring's {@code DataAccessException} when the database fails.
 */
@Repository
class FileRepository {

	/** An upload through us is nobody's file until it has ended. */
	private static final String VISIBLE = """
			(status = 'AVAILABLE' OR status = 'PENDING' AND style = 'PRESIGNED')
			AND (expires_at IS NULL OR expires_at > :now)""";

	private final JdbcClient jdbc;

	private final Optional<GroupCommit> together;

	FileRepository(JdbcClient jdbc, Optional<GroupCommit> together) {
		this.jdbc = jdbc;
		this.together = together;
	}

	/** Adds a pending file whose bytes will come past us until the given time. */
	void addPresigned(StoredFile file, Instant uploadEndsAt) {
		update(this.jdbc.sql("""
				INSERT INTO file (id, owner, style, status, purpose, filename, bytes, created_at, expires_at,
					object_key, copies, upload_ends_at, sweep_at)
				VALUES (:id, :owner, 'PRESIGNED', 'PENDING', :purpose, :filename, 0, :created, :expires,
					:key, 0, :uploadEnds, :uploadEnds)""")
			.param("id", file.id().value())
			.param("owner", file.owner().name())
			.param("purpose", file.purpose().name())
			.param("filename", file.name().value())
			.param("created", file.createdAt().getEpochSecond())
			.param("expires", file.expiresAt().map(Instant::getEpochSecond).orElse(null))
			.param("key", file.key().value())
			.param("uploadEnds", uploadEndsAt.getEpochSecond()));
	}

	/** Adds a pending upload of which nothing is known yet. */
	void addMultipart(FileId id, Owner owner, Instant createdAt, ObjectKey key, Instant deadline) {
		update(this.jdbc.sql("""
				INSERT INTO file (id, owner, style, status, bytes, created_at, object_key, copies, sweep_at)
				VALUES (:id, :owner, 'MULTIPART', 'PENDING', 0, :created, :key, 0, :deadline)""")
			.param("id", id.value())
			.param("owner", owner.name())
			.param("created", createdAt.getEpochSecond())
			.param("key", key.value())
			.param("deadline", deadline.getEpochSecond()));
	}

	/** Moves the deadline of pending uploads, and says which of them still are that. */
	Set<FileId> renew(Set<FileId> ids, Instant deadline) {
		if (ids.isEmpty()) {
			return Set.of();
		}
		return change(() -> this.jdbc.sql("""
				UPDATE file SET sweep_at = :deadline WHERE status = 'PENDING' AND id IN (:ids) RETURNING id""")
			.param("ids", ids.stream().map(FileId::value).toList())
			.param("deadline", deadline.getEpochSecond())
			.query((row, number) -> new FileId(row.getString("id")))
			.set());
	}

	/** Makes a pending upload available; false when it is no longer pending. */
	boolean completeMultipart(StoredFile file) {
		return update(this.jdbc.sql("""
				UPDATE file SET status = 'AVAILABLE', purpose = :purpose, filename = :filename, bytes = :bytes,
					expires_at = :expires, sweep_at = :expires
				WHERE id = :id AND status = 'PENDING'""")
			.param("id", file.id().value())
			.param("purpose", file.purpose().name())
			.param("filename", file.name().value())
			.param("bytes", file.bytes())
			.param("expires", file.expiresAt().map(Instant::getEpochSecond).orElse(null))) > 0;
	}

	/**
	 * Names one more copy key for a pending file, whose row then stays until the copy has
	 * surely ended; empty when it is no longer pending.
	 */
	OptionalInt nameCopy(FileId id, Instant ended) {
		return change(() -> this.jdbc.sql("""
				UPDATE file SET copies = copies + 1,
					upload_ends_at = CASE WHEN upload_ends_at < :ended THEN :ended ELSE upload_ends_at END
				WHERE id = :id AND status = 'PENDING' RETURNING copies""")
			.param("id", id.value())
			.param("ended", ended.getEpochSecond())
			.query(Integer.class)
			.optional()
			.map(OptionalInt::of)
			.orElseGet(OptionalInt::empty));
	}

	/**
	 * Makes a pending file available under its copy; false when it is no longer pending.
	 */
	boolean completePresigned(FileId id, long bytes, ObjectKey copy, Instant sweepAt) {
		return update(this.jdbc.sql("""
				UPDATE file SET status = 'AVAILABLE', bytes = :bytes, object_key = :key, sweep_at = :sweep
				WHERE id = :id AND status = 'PENDING'""")
			.param("id", id.value())
			.param("bytes", bytes)
			.param("key", copy.value())
			.param("sweep", sweepAt.getEpochSecond())) > 0;
	}

	/**
	 * Gives up an upload that failed, whatever its row says by now: it is due for the
	 * sweeper at once. A row that was swept before is written again, because the bytes
	 * may have come after that.
	 * @param uploadEndsAt until when the store may still bring them
	 */
	void abandon(FileId id, Owner owner, ObjectKey key, Instant now, Instant uploadEndsAt) {
		update(this.jdbc.sql("""
				INSERT INTO file (id, owner, style, status, bytes, created_at, object_key, copies,
					upload_ends_at, sweep_at)
				VALUES (:id, :owner, 'MULTIPART', 'DELETING', 0, :now, :key, 0, :uploadEnds, :now)
				ON CONFLICT (id) DO UPDATE SET status = 'DELETING', upload_ends_at = :uploadEnds, sweep_at = :now""")
			.param("id", id.value())
			.param("owner", owner.name())
			.param("key", key.value())
			.param("now", now.getEpochSecond())
			.param("uploadEnds", uploadEndsAt.getEpochSecond()));
	}

	/** A file that its owner may see. */
	Optional<StoredFile> find(Owner owner, FileId id, Instant now) {
		return this.jdbc.sql("SELECT * FROM file WHERE id = :id AND owner = :owner AND " + VISIBLE)
			.param("id", id.value())
			.param("owner", owner.name())
			.param("now", now.getEpochSecond())
			.query(FileRepository::file)
			.optional();
	}

	/** At most as many finished files as the query's limit and one, in its order. */
	List<StoredFile> list(Owner owner, FileQuery query, Instant now) {
		String order = query.newestFirst() ? "DESC" : "ASC";
		String behind = query.newestFirst() ? "<" : ">";
		String sql = "SELECT * FROM file WHERE owner = :owner AND status = 'AVAILABLE'"
				+ " AND (expires_at IS NULL OR expires_at > :now)"
				+ (query.purpose().isPresent() ? " AND purpose = :purpose" : "")
				+ (query.after().isPresent() ? " AND id " + behind + " :after" : "") + " ORDER BY id " + order
				+ " LIMIT :limit";
		return this.jdbc.sql(sql)
			.param("owner", owner.name())
			.param("now", now.getEpochSecond())
			.param("purpose", query.purpose().map(Purpose::name).orElse(null))
			.param("after", query.after().map(FileId::value).orElse(null))
			.param("limit", query.limit() + 1)
			.query(FileRepository::file)
			.list();
	}

	/** Ends a file that its owner may see; false when there is none. */
	boolean delete(Owner owner, FileId id, Instant now) {
		return update(this.jdbc
			.sql("UPDATE file SET status = 'DELETING', sweep_at = :now WHERE id = :id AND owner = :owner AND "
					+ VISIBLE)
			.param("id", id.value())
			.param("owner", owner.name())
			.param("now", now.getEpochSecond())) > 0;
	}

	/**
	 * Claims rows that are due, until the given time, and ends those that nobody may have
	 * any longer: pending past their deadline, or expired. No two callers claim the same
	 * row; a claim that ran out may be claimed again.
	 */
	List<Leftover> claimDue(Instant now, Instant until, int limit) {
		return change(() -> this.jdbc.sql("""
				UPDATE file SET sweep_at = :until,
					status = CASE WHEN status = 'PENDING' OR expires_at <= :now THEN 'DELETING' ELSE status END
				WHERE sweep_at <= :now
				AND id IN (SELECT id FROM file WHERE sweep_at <= :now ORDER BY sweep_at LIMIT :limit)
				RETURNING *""")
			.param("now", now.getEpochSecond())
			.param("until", until.getEpochSecond())
			.param("limit", limit)
			.query(FileRepository::leftover)
			.list());
	}

	/** Says when the sweeper must look again; empty: never. */
	void sweepAgain(FileId id, FileStatus status, Optional<Instant> at) {
		update(this.jdbc.sql("UPDATE file SET sweep_at = :at WHERE id = :id AND status = :status")
			.param("id", id.value())
			.param("status", status.name())
			.param("at", at.map(Instant::getEpochSecond).orElse(null)));
	}

	/**
	 * Removes the row of a file whose bytes are gone, unless the claim under which they
	 * were removed is no longer the last word: bytes may have come since.
	 */
	void remove(FileId id, Instant claimedUntil) {
		update(this.jdbc.sql("DELETE FROM file WHERE id = :id AND status = 'DELETING' AND sweep_at = :claim")
			.param("id", id.value())
			.param("claim", claimedUntil.getEpochSecond()));
	}

	private int update(JdbcClient.StatementSpec statement) {
		return change(statement::update);
	}

	private <T> T change(Supplier<T> statement) {
		return this.together.map((group) -> group.make(statement)).orElseGet(statement);
	}

	private static StoredFile file(ResultSet row, int number) throws SQLException {
		return new StoredFile(new FileId(row.getString("id")), new Owner(row.getString("owner")),
				Style.valueOf(row.getString("style")), FileStatus.valueOf(row.getString("status")),
				Purpose.valueOf(row.getString("purpose")), new FileName(row.getString("filename")),
				row.getLong("bytes"), Instant.ofEpochSecond(row.getLong("created_at")), instant(row, "expires_at"),
				new ObjectKey(row.getString("object_key")));
	}

	private static Leftover leftover(ResultSet row, int number) throws SQLException {
		return new Leftover(new FileId(row.getString("id")), Style.valueOf(row.getString("style")),
				FileStatus.valueOf(row.getString("status")), new ObjectKey(row.getString("object_key")),
				row.getInt("copies"), instant(row, "upload_ends_at"), instant(row, "expires_at"));
	}

	private static Optional<Instant> instant(ResultSet row, String column) throws SQLException {
		long seconds = row.getLong(column);
		return row.wasNull() ? Optional.empty() : Optional.of(Instant.ofEpochSecond(seconds));
	}

}
