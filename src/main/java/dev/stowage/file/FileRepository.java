package dev.stowage.file;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

import dev.stowage.database.Changes;
import dev.stowage.database.Sql;
import dev.stowage.owner.Owner;
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

	/**
	 * An upload through the server is not visible until it has ended. Rows of a newer
	 * version, with a style or purpose that this version does not know, are neither shown
	 * nor deleted.
	 */
	private static final String VISIBLE = """
			(status = 'AVAILABLE' OR status = 'PENDING' AND style IN ('PRESIGNED', 'PRESIGNED_PARTS'))
			AND (expires_at IS NULL OR expires_at > :now) AND style IN (%s)
			AND (purpose IN (%s) OR purpose LIKE '%s%%')""".formatted(Sql.words(UploadMethod.values()),
			Sql.words(Purpose.BUILT_IN.stream().map(Purpose::name)), Purpose.FURTHER);

	/** How many rows to read at a time while rows are skipped. */
	private static final int SKIPPING = 1_000;

	private final JdbcClient jdbc;

	private final Changes changes;

	private final PlaceRepository places;

	private final UnknownRows unknown = new UnknownRows();

	FileRepository(JdbcClient jdbc, Changes changes, PlaceRepository places) {
		this.jdbc = jdbc;
		this.changes = changes;
		this.places = places;
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

	/** Those of these files that are finished, in any order. */
	List<StoredFile> findAvailable(Owner owner, List<FileId> ids, Instant now) {
		if (ids.isEmpty()) {
			return List.of();
		}
		return this.jdbc
			.sql("SELECT * FROM file WHERE id IN (:ids) AND owner = :owner AND status = 'AVAILABLE' AND " + VISIBLE)
			.param("ids", ids.stream().map(FileId::value).toList())
			.param("owner", owner.name())
			.param("now", now.getEpochSecond())
			.query(FileRepository::file)
			.list();
	}

	/**
	 * At most as many finished files as the query's limit and one, in the order in which
	 * they became available. Rows that this version does not understand are skipped.
	 */
	List<StoredFile> list(Owner owner, FileQuery query, Instant now) {
		Optional<Place> start = query.after().flatMap((id) -> this.places.behind(owner, id, query.newestFirst()));
		// everything before a position that a reader has seen has settled
		long settled = (start.isPresent() && query.newestFirst()) ? Long.MAX_VALUE : this.places.settled(owner);
		int wanted = query.limit() + 1;
		List<StoredFile> found = new ArrayList<>();
		List<Listed> page = page(owner, query, now, start, settled, wanted);
		page.forEach((listed) -> listed.file().ifPresent(found::add));
		int limit = wanted;
		while (page.size() == limit && found.size() < wanted) {
			limit = Math.max(wanted - found.size(), SKIPPING);
			page = page(owner, query, now, Optional.of(page.getLast().place()), settled, limit);
			page.forEach((listed) -> listed.file().ifPresent(found::add));
		}
		return found.subList(0, Math.min(wanted, found.size()));
	}

	private List<Listed> page(Owner owner, FileQuery query, Instant now, Optional<Place> start, long settled,
			int limit) {
		String order = query.newestFirst() ? "DESC" : "ASC";
		String behind = (query.newestFirst() ? "<" : ">") + (start.map(Place::inclusive).orElse(false) ? "=" : "");
		String sql = "SELECT * FROM file WHERE owner = :owner AND status = 'AVAILABLE'"
				+ " AND (expires_at IS NULL OR expires_at > :now)"
				+ (query.purpose().isPresent() ? " AND purpose = :purpose" : "")
				+ (start.isPresent() ? " AND (position, id) " + behind + " (:position, :id)" : "")
				+ ((settled != Long.MAX_VALUE) ? " AND position <= :settled" : "") + " ORDER BY position " + order
				+ ", id " + order + " LIMIT :limit";
		return this.jdbc.sql(sql)
			.param("owner", owner.name())
			.param("now", now.getEpochSecond())
			.param("purpose", query.purpose().map(Purpose::name).orElse(null))
			.param("position", start.map(Place::position).orElse(null))
			.param("id", start.map(Place::id).orElse(null))
			.param("settled", settled)
			.param("limit", limit)
			.query((row, number) -> new Listed(new Place(row.getLong("position"), row.getString("id"), false),
					known(row)))
			.list();
	}

	/**
	 * Empty if a newer version of the server wrote the row with words that this one does
	 * not know.
	 */
	private Optional<StoredFile> known(ResultSet row) throws SQLException {
		try {
			return Optional.of(file(row, 0));
		}
		catch (IllegalArgumentException | NullPointerException ex) {
			this.unknown.skip(row.getString("id"), ex);
			return Optional.empty();
		}
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
				UploadMethod.valueOf(row.getString("style")), FileStatus.valueOf(row.getString("status")),
				Purpose.valueOf(row.getString("purpose")), new FileName(row.getString("filename")), contentType(row),
				row.getLong("bytes"), Instant.ofEpochSecond(row.getLong("created_at")), Sql.instant(row, "expires_at"),
				new ObjectKey(row.getString("object_key")), sum(row));
	}

	/** Versions before wrote none: all that came past them is JSON. */
	private static String contentType(ResultSet row) throws SQLException {
		String known = row.getString("content_type");
		if (known != null) {
			return known;
		}
		return UploadMethod.valueOf(row.getString("style")).isPresigned() ? "application/json"
				: "application/octet-stream";
	}

	private static OptionalLong sum(ResultSet row) throws SQLException {
		long sum = row.getLong("crc32c");
		return row.wasNull() ? OptionalLong.empty() : OptionalLong.of(sum);
	}

	/** A row of a list, and the file in it if this version understands it. */
	private record Listed(Place place, Optional<StoredFile> file) {
	}

}
