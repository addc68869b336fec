package dev.stowage.sweep;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

import dev.stowage.database.Changes;
import dev.stowage.database.Sql;
import dev.stowage.file.FileId;
import dev.stowage.file.FileStatus;
import dev.stowage.file.UploadMethod;
import dev.stowage.owner.Owner;
import dev.stowage.storage.ObjectKey;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * The rows of files whose bytes are to be removed, as the {@link Sweeper} sees them. Rows
 * with words that this version does not know are not touched.
 * <p>
 * A claim moves the time at which a row is due. What is done under a claim is conditional
 * on it: if another instance has claimed the row, or the row has changed, nothing
 * happens. Times are kept to the second. Every method throws Spring's
 * {@code DataAccessException} when the database fails.
 */
@Repository
class SweepRepository {

	private static final String KNOWN_STYLE = "style IN (%s)".formatted(Sql.words(UploadMethod.values()));

	private static final String KNOWN = KNOWN_STYLE + " AND status IN (%s)".formatted(Sql.words(FileStatus.values()));

	/** What is due for the first time, by its kind. */
	private static final String FRESH = "status = '%s' AND sweep_attempts = 0 AND " + KNOWN_STYLE;

	private static final String CLAIM = """
			UPDATE file SET sweep_at = :until, sweep_attempts = sweep_attempts + 1,
				status = CASE WHEN status = 'PENDING' OR expires_at <= :now THEN 'DELETING' ELSE status END
			WHERE sweep_at <= :now AND id %s
			RETURNING *""";

	private static final String CLAIMED = " AND sweep_at = :claim AND id IN (:ids)";

	private static final String[] PARTS = { "upload_part", "appended_part", "appended_upload" };

	private final JdbcClient jdbc;

	private final Changes changes;

	SweepRepository(JdbcClient jdbc, Changes changes) {
		this.jdbc = jdbc;
		this.changes = changes;
	}

	/**
	 * Owners that have rows of a kind which are due for the first time, if few rows of
	 * all kinds are due. Costs one index entry for each of those.
	 * @return empty if more rows are due
	 */
	Optional<Set<String>> ownersOfFew(FileStatus kind, Instant now) {
		List<String> due = this.jdbc.sql("SELECT CASE WHEN " + FRESH.formatted(kind.name())
				+ " THEN owner ELSE '' END AS owner FROM file WHERE sweep_at <= :now ORDER BY sweep_at LIMIT :limit")
			.param("now", now.getEpochSecond())
			.param("limit", OwnersDue.FEW + 1)
			.query((row, number) -> row.getString("owner"))
			.list();
		Set<String> owners = new TreeSet<>(due);
		owners.remove("");
		return (due.size() > OwnersDue.FEW) ? Optional.empty() : Optional.of(owners);
	}

	/**
	 * Owners that have rows of a kind which are due for the first time, in a fixed order.
	 * Costs one index lookup for each owner that has rows of the kind, however many rows
	 * are due. Each statement looks at a limited number of owners, so that it ends soon.
	 * @param after the owner after which to begin; empty: with the first
	 */
	OwnersDue ownersDue(FileStatus kind, String after, Instant now, int limit) {
		// the first in order: for an arbitrary one, PostgreSQL may read the whole table
		List<OwnersDue.Looked> looked = this.jdbc
			.sql("""
					WITH RECURSIVE waiting (owner, number) AS (
						SELECT (SELECT owner FROM file WHERE %1$s AND sweep_at IS NOT NULL AND owner > :after
							ORDER BY owner LIMIT 1), 1
						UNION ALL
						SELECT (SELECT f.owner FROM file f WHERE %1$s AND sweep_at IS NOT NULL AND f.owner > waiting.owner
							ORDER BY f.owner LIMIT 1), number + 1
						FROM waiting WHERE waiting.owner IS NOT NULL AND number < :most)
					SELECT owner, due, number FROM (SELECT owner, number, (SELECT true FROM file f WHERE %1$s AND sweep_at IS NOT NULL
							AND (f.owner, f.sweep_at) >= (waiting.owner, 0) AND (f.owner, f.sweep_at) <= (waiting.owner, :now)
							ORDER BY f.owner, f.sweep_at LIMIT 1) AS due FROM waiting) AS looked
					WHERE owner IS NOT NULL AND (due OR number = :most)
					LIMIT :limit"""
				.formatted(FRESH.formatted(kind.name())))
			.param("after", after)
			.param("now", now.getEpochSecond())
			.param("most", OwnersDue.LOOKED_AT)
			.param("limit", limit)
			.query((row, at) -> new OwnersDue.Looked(row.getString("owner"), row.getBoolean("due"),
					row.getInt("number")))
			.list();
		return OwnersDue.of(looked, limit);
	}

	/**
	 * Claims rows of a kind that are due for the first time, until the given time, and
	 * marks those as deleted that are pending past their deadline, or expired. No two
	 * callers claim the same row; a row whose claim ran out may be claimed again.
	 * @param owners whose rows
	 * @param each the most rows of one owner, those due longest
	 */
	List<DueFile> claim(FileStatus kind, List<String> owners, Instant now, Instant until, int each) {
		List<String> parts = new ArrayList<>();
		for (int i = 0; i < owners.size(); i++) {
			// a range of the index by owner. Ordered by time alone, PostgreSQL would use
			// the index of all owners, and skip every row that is due for others
			parts.add("SELECT id FROM (SELECT id FROM file WHERE " + FRESH.formatted(kind.name())
					+ " AND sweep_at IS NOT NULL AND (owner, sweep_at) >= (:owner" + i
					+ ", 0) AND (owner, sweep_at) <= (:owner" + i + ", :now) ORDER BY owner, sweep_at LIMIT :each"
					+ locking() + ") AS due" + i);
		}
		return this.changes.make(() -> {
			JdbcClient.StatementSpec claim = this.jdbc.sql(CLAIM.formatted(among(String.join(" UNION ALL ", parts))));
			for (int i = 0; i < owners.size(); i++) {
				claim = claim.param("owner" + i, owners.get(i));
			}
			return claim.param("each", each)
				.param("now", now.getEpochSecond())
				.param("until", until.getEpochSecond())
				.query(SweepRepository::dueFile)
				.list();
		});
	}

	/**
	 * Claims rows that were claimed before and not finished, like the other claim.
	 * @param expired whether to include expired files
	 */
	List<DueFile> claimAgain(boolean expired, Instant now, Instant until, int limit) {
		String held = expired ? "" : " AND (status <> 'AVAILABLE' OR expires_at IS NULL OR expires_at > :now)";
		String again = "SELECT id FROM file WHERE sweep_attempts > 0 AND sweep_at <= :now AND " + KNOWN + held
				+ " ORDER BY sweep_at LIMIT :limit" + locking();
		return this.changes.make(() -> this.jdbc.sql(CLAIM.formatted(among(again)))
			.param("now", now.getEpochSecond())
			.param("until", until.getEpochSecond())
			.param("limit", limit)
			.query(SweepRepository::dueFile)
			.list());
	}

	/** Two simultaneous claims get different rows, and do not wait for each other. */
	private String locking() {
		return this.changes.areShared() ? " FOR UPDATE SKIP LOCKED" : "";
	}

	/** As an array, the subquery runs only once. */
	private String among(String ids) {
		return (this.changes.areShared() ? "= ANY (ARRAY(%s))" : "IN (%s)").formatted(ids);
	}

	/** Removes the rows of files whose bytes are removed, and of their parts. */
	void remove(Collection<FileId> ids, Instant claim) {
		change("DELETE FROM file WHERE status = 'DELETING'", ids, claim, claim, PARTS);
	}

	/** Makes deleted files due again at the time after which no more bytes can arrive. */
	void keepWhileOpen(Collection<FileId> ids, Instant claim) {
		change("UPDATE file SET sweep_at = upload_ends_at, sweep_attempts = 0 WHERE status = 'DELETING'", ids, claim,
				claim);
	}

	/**
	 * Makes available files due again at the time after which no more bytes can arrive,
	 * then at their expiry, if any. After that time their parts are forgotten.
	 * @param asked the time before the remains of their uploads were removed
	 */
	void tidied(Collection<FileId> ids, Instant claim, Instant asked) {
		change("""
				UPDATE file SET sweep_attempts = 0, sweep_at = CASE
					WHEN upload_ends_at > :at AND (expires_at IS NULL OR upload_ends_at < expires_at) THEN upload_ends_at
					ELSE expires_at END,
					parts = CASE WHEN upload_ends_at > :at THEN parts ELSE 0 END
				WHERE status = 'AVAILABLE'""",
				ids, claim, asked, PARTS);
	}

	/** Makes failed rows due again at the given time. */
	void failed(Collection<FileId> ids, Instant claim, Instant again) {
		change("UPDATE file SET sweep_at = :at WHERE sweep_attempts > 0", ids, claim, again);
	}

	/** Returns rows that were not tried. */
	void release(Collection<FileId> ids, Instant claim, Instant now) {
		change("UPDATE file SET sweep_at = :at, sweep_attempts = sweep_attempts - 1 WHERE sweep_attempts > 0", ids,
				claim, now);
	}

	/**
	 * Changes rows under a claim.
	 * @param tables from which the rows are removed that no file needs after that
	 */
	private void change(String what, Collection<FileId> ids, Instant claim, Instant at, String... tables) {
		if (!ids.isEmpty()) {
			this.changes.makeAtOnce(() -> {
				int changed = bound(what + CLAIMED, ids, claim, at).update();
				for (String table : tables) {
					changed += bound("""
							DELETE FROM %1$s WHERE file_id IN (:ids) AND NOT EXISTS (SELECT 1 FROM file
								WHERE file.id = %1$s.file_id AND (file.parts > 0 OR '%1$s' = 'appended_upload'))"""
						.formatted(table), ids, claim, at).update();
				}
				return changed;
			});
		}
	}

	private JdbcClient.StatementSpec bound(String sql, Collection<FileId> ids, Instant claim, Instant at) {
		return this.jdbc.sql(sql)
			.param("ids", ids.stream().map(FileId::value).toList())
			.param("claim", claim.getEpochSecond())
			.param("at", at.getEpochSecond());
	}

	/** How many rows are due that this version cannot read, counted to a limit. */
	int unknown(Instant now, int limit) {
		return this.jdbc
			.sql("SELECT count(*) FROM (SELECT 1 FROM file WHERE sweep_at <= :now AND NOT (" + KNOWN
					+ ") LIMIT :limit) AS due")
			.param("now", now.getEpochSecond())
			.param("limit", limit)
			.query(Integer.class)
			.single();
	}

	private static DueFile dueFile(ResultSet row, int number) throws SQLException {
		return new DueFile(new FileId(row.getString("id")), new Owner(row.getString("owner")),
				UploadMethod.valueOf(row.getString("style")), FileStatus.valueOf(row.getString("status")),
				row.getLong("bytes"), new ObjectKey(row.getString("object_key")), row.getInt("copies"),
				row.getInt("parts"), Sql.instant(row, "upload_ends_at"), row.getInt("sweep_attempts"));
	}

}
