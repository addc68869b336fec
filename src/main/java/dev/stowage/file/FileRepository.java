package dev.stowage.file;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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

	/**
	 * All that a list needs of rows except their metadata, of which it needs the length.
	 */
	private static final String LISTED = """
			SELECT position, id, owner, style, status, purpose, filename, content_type, bytes, created_at, expires_at,
				object_key, crc32c, coalesce(length(pairs), 0) AS length
			FROM file WHERE owner = :owner AND status = 'AVAILABLE' AND (expires_at IS NULL OR expires_at > :now)""";

	/** How much metadata a page may hold, in characters. */
	private static final int MAX_METADATA = 64 * 1024;

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
			.query(FileRepository::whole)
			.optional();
	}

	/** Those of these files that are finished, in any order, without their metadata. */
	List<StoredFile> findAvailable(Owner owner, List<FileId> ids, Instant now) {
		return listed(owner, ids.stream().map(FileId::value).toList(), now).stream()
			.flatMap((row) -> row.file().stream())
			.toList();
	}

	private List<Listed> listed(Owner owner, List<String> ids, Instant now) {
		return ids.isEmpty() ? List.of()
				: this.jdbc.sql(LISTED + " AND id IN (:ids)")
					.param("owner", owner.name())
					.param("now", now.getEpochSecond())
					.param("ids", ids)
					.query(this::listed)
					.list();
	}

	/**
	 * A page of finished files, in the order in which they became available. It is
	 * shorter than the query allows where their metadata is long. Rows that this version
	 * does not understand are skipped.
	 */
	FilePage page(Owner owner, FileQuery query, Instant now) {
		List<Listed> found = found(owner, query, now);
		int fitting = 0;
		long length = 0;
		while (fitting < Math.min(found.size(), query.limit())
				&& (fitting == 0 || length + found.get(fitting).length() <= MAX_METADATA)) {
			length += found.get(fitting).length();
			fitting++;
		}
		List<StoredFile> files = found.subList(0, fitting)
			.stream()
			.flatMap((listed) -> listed.file().stream())
			.toList();
		return new FilePage((length > 0) ? withMetadata(files) : files, fitting < found.size());
	}

	private List<StoredFile> withMetadata(List<StoredFile> files) {
		Map<String, String> said = new HashMap<>();
		this.jdbc.sql("SELECT id, pairs FROM file WHERE id IN (:ids) AND pairs IS NOT NULL")
			.param("ids", files.stream().map((file) -> file.id().value()).toList())
			.query((row) -> {
				said.put(row.getString("id"), row.getString("pairs"));
			});
		return files.stream().map((file) -> file.with(Optional.ofNullable(said.get(file.id().value())))).toList();
	}

	/** At most as many files as the query's limit and one, without their metadata. */
	private List<Listed> found(Owner owner, FileQuery query, Instant now) {
		Optional<Place> start = query.after().flatMap((id) -> this.places.behind(owner, id, query.newestFirst()));
		// everything before a position that a reader has seen has settled
		long settled = (start.isPresent() && query.newestFirst()) ? Long.MAX_VALUE : this.places.settled(owner);
		List<String> names = this.places.rarestFirst(owner, query.metadata());
		int wanted = query.limit() + 1;
		List<Listed> found = new ArrayList<>();
		List<Listed> rows = rows(owner, query, names, now, start, settled, wanted);
		rows.stream().filter((listed) -> listed.file().isPresent()).forEach(found::add);
		int limit = wanted;
		while (rows.size() == limit && found.size() < wanted) {
			limit = Math.max(wanted - found.size(), SKIPPING);
			rows = rows(owner, query, names, now, Optional.of(rows.getLast().place()), settled, limit);
			rows.stream().filter((listed) -> listed.file().isPresent()).forEach(found::add);
		}
		return found.subList(0, Math.min(wanted, found.size()));
	}

	private List<Listed> rows(Owner owner, FileQuery query, List<String> names, Instant now, Optional<Place> start,
			long settled, int limit) {
		if (!names.isEmpty()) {
			return rows(owner, query, now, this.places.saying(owner, query, names, start, settled, limit));
		}
		JdbcClient.StatementSpec statement = this.jdbc
			.sql(LISTED + (query.purpose().isPresent() ? " AND purpose = :purpose" : "")
					+ PlaceRepository.range("id", query.newestFirst(), start, settled))
			.param("owner", owner.name())
			.param("now", now.getEpochSecond())
			.param("purpose", query.purpose().map(Purpose::name).orElse(null));
		return PlaceRepository.with(start, settled, limit, statement).query(this::listed).list();
	}

	/**
	 * The rows at these places; each place keeps its row. The purpose is compared here:
	 * SQLite would read all files of the purpose.
	 */
	private List<Listed> rows(Owner owner, FileQuery query, Instant now, List<Place> places) {
		Map<String, Listed> found = new HashMap<>();
		listed(owner, places.stream().map(Place::id).toList(), now).stream()
			.filter((row) -> query.purpose().isEmpty() || row.file().map(StoredFile::purpose).equals(query.purpose()))
			.forEach((row) -> found.put(row.place().id(), row));
		return places.stream()
			.map((place) -> found.getOrDefault(place.id(), new Listed(place, Optional.empty(), 0)))
			.toList();
	}

	private Listed listed(ResultSet row, int number) throws SQLException {
		return new Listed(new Place(row.getLong("position"), row.getString("id"), false), known(row),
				row.getLong("length"));
	}

	/**
	 * Empty if a newer version of the server wrote the row with words that this one does
	 * not know.
	 */
	private Optional<StoredFile> known(ResultSet row) throws SQLException {
		try {
			return Optional.of(file(row));
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

	private static StoredFile whole(ResultSet row, int number) throws SQLException {
		return file(row).with(Optional.ofNullable(row.getString("pairs")));
	}

	private static StoredFile file(ResultSet row) throws SQLException {
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

	/**
	 * A row of a list.
	 *
	 * @param file without its metadata; empty if this version does not understand it, or
	 * it is not on the list
	 * @param length of its metadata
	 */
	private record Listed(Place place, Optional<StoredFile> file, long length) {
	}

}
