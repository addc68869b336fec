package dev.stowage.check;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

import dev.stowage.database.Changes;
import dev.stowage.database.Sql;
import dev.stowage.file.FileId;
import dev.stowage.file.FileStatus;
import dev.stowage.file.UploadMethod;
import dev.stowage.storage.ObjectKey;

import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * All rows of files, a page at a time, and changes nothing. Every method throws Spring's
 * {@code DataAccessException} when the database fails.
 */
class CheckRepository {

	private static final String COLUMNS = """
			SELECT id, owner, style, status, bytes, object_key, copies, parts, upload_ends_at, sweep_at, sweep_attempts,
				crc32c
			FROM file""";

	private final JdbcClient jdbc;

	private final boolean isShared;

	CheckRepository(JdbcClient jdbc, Changes changes) {
		this.jdbc = jdbc;
		this.isShared = changes.areShared();
	}

	/** The rows after an id, in the order of the bytes of their ids. */
	List<FileRow> after(String id, int limit) {
		// on PostgreSQL, only these operators use the index of ids
		String sql = this.isShared ? " WHERE id ~>~ :id ORDER BY id USING ~<~ LIMIT :limit"
				: " WHERE id > :id ORDER BY id LIMIT :limit";
		return this.jdbc.sql(COLUMNS + sql)
			.param("id", id)
			.param("limit", limit)
			.query(CheckRepository::fileRow)
			.list();
	}

	Optional<FileRow> find(FileId id) {
		return this.jdbc.sql(COLUMNS + " WHERE id = :id")
			.param("id", id.value())
			.query(CheckRepository::fileRow)
			.optional();
	}

	/** The numbers of the parts of pending uploads which have arrived and are needed. */
	List<Integer> neededParts(FileId id) {
		return this.jdbc.sql("""
				SELECT number FROM upload_part WHERE file_id = :id AND bytes > 0
				UNION SELECT rest FROM appended_upload WHERE file_id = :id AND rest > 0""")
			.param("id", id.value())
			.query((row, index) -> row.getInt("number"))
			.list();
	}

	private static FileRow fileRow(ResultSet row, int number) throws SQLException {
		long sum = row.getLong("crc32c");
		OptionalLong crc32c = row.wasNull() ? OptionalLong.empty() : OptionalLong.of(sum);
		return new FileRow(new FileId(row.getString("id")), row.getString("owner"),
				word(UploadMethod.values(), row.getString("style")), word(FileStatus.values(), row.getString("status")),
				row.getLong("bytes"), new ObjectKey(row.getString("object_key")), row.getInt("copies"),
				row.getInt("parts"), Sql.instant(row, "upload_ends_at"), Sql.instant(row, "sweep_at"),
				row.getInt("sweep_attempts"), crc32c);
	}

	private static <E extends Enum<E>> Optional<E> word(E[] words, String text) {
		return Arrays.stream(words).filter((word) -> word.name().equals(text)).findFirst();
	}

}
