package dev.stowage.sweep;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;

import dev.stowage.database.Changes;
import dev.stowage.file.FileId;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * The progress of the {@link StagingSearch}, and which staged objects rows need. Every
 * method throws Spring's {@code DataAccessException} when the database fails.
 */
@Repository
class StagingRepository {

	/** No search is planned further ahead than this, except by a wrong clock. */
	private static final Duration NEVER = Duration.ofDays(2);

	private final JdbcClient jdbc;

	private final Changes changes;

	StagingRepository(JdbcClient jdbc, Changes changes) {
		this.jdbc = jdbc;
		this.changes = changes;
	}

	/**
	 * Claims the search until the given time, if it is due and no other instance has
	 * claimed it.
	 * @return the key after which it continues
	 */
	Optional<String> claim(Instant now, Instant until) {
		return this.changes.make(() -> this.jdbc.sql("""
				UPDATE staging_search SET due_at = :until WHERE due_at <= :now OR due_at > :never
				RETURNING position""")
			.param("now", now.getEpochSecond())
			.param("until", until.getEpochSecond())
			.param("never", now.plus(NEVER).getEpochSecond())
			.query(String.class)
			.optional());
	}

	/** Records when the search continues, and after which key. */
	void plan(Instant due, String position) {
		this.changes.update(this.jdbc.sql("UPDATE staging_search SET due_at = :due, position = :position")
			.param("due", due.getEpochSecond())
			.param("position", position));
	}

	/**
	 * The files whose staged object may still be needed: they have a row, and were not
	 * finished before the given time.
	 */
	Set<FileId> needed(Collection<FileId> ids, Instant finished) {
		return ids.isEmpty() ? Set.of()
				: this.jdbc.sql("""
						SELECT id FROM file WHERE id IN (:ids) AND (status <> 'AVAILABLE' OR upload_ends_at IS NULL
							OR upload_ends_at >= :finished OR object_key LIKE 'staging/%')""")
					.param("ids", ids.stream().map(FileId::value).toList())
					.param("finished", finished.getEpochSecond())
					.query((row, number) -> new FileId(row.getString("id")))
					.set();
	}

}
