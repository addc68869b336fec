package dev.stowage.file;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

import dev.stowage.storage.ObjectKey;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * The rows of files as their owners see them, in SQLite or PostgreSQL: one dialect that
 * both speak. Every query names the owner.
 * <p>
 * Every change is one statement, conditional on the state that it leaves. Times are kept
 * to the second. Every method throws Spring's {@code DataAccessException} when the
 * database fails.
 */
@Repository
class FileRepository {

	/** An upload through us is nobody's file until it has ended. */
	private static final String VISIBLE = """
			(status = 'AVAILABLE' OR status = 'PENDING' AND style = 'PRESIGNED')
			AND (expires_at IS NULL OR expires_at > :now)""";

	private final JdbcClient jdbc;

	private final Changes changes;

	FileRepository(JdbcClient jdbc, Changes changes) {
		this.jdbc = jdbc;
		this.changes = changes;
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
		return this.changes.update(this.jdbc
			.sql("UPDATE file SET status = 'DELETING', sweep_at = :now WHERE id = :id AND owner = :owner AND "
					+ VISIBLE)
			.param("id", id.value())
			.param("owner", owner.name())
			.param("now", now.getEpochSecond())) > 0;
	}

	private static StoredFile file(ResultSet row, int number) throws SQLException {
		return new StoredFile(new FileId(row.getString("id")), new Owner(row.getString("owner")),
				Style.valueOf(row.getString("style")), FileStatus.valueOf(row.getString("status")),
				Purpose.valueOf(row.getString("purpose")), new FileName(row.getString("filename")),
				row.getLong("bytes"), Instant.ofEpochSecond(row.getLong("created_at")), instant(row, "expires_at"),
				new ObjectKey(row.getString("object_key")));
	}

	static Optional<Instant> instant(ResultSet row, String column) throws SQLException {
		long seconds = row.getLong(column);
		return row.wasNull() ? Optional.empty() : Optional.of(Instant.ofEpochSecond(seconds));
	}

}
