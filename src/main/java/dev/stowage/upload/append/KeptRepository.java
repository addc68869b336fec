package dev.stowage.upload.append;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

import dev.stowage.database.Changes;
import dev.stowage.storage.Checksum;
import dev.stowage.storage.GrowingObject.StoredPart;
import dev.stowage.storage.ObjectKey;
import dev.stowage.quota.QuotaException;
import dev.stowage.upload.pending.UploadId;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * The rows that say what is kept of uploads to which requests append. A request may
 * change them only while it is the upload's writer.
 * <p>
 * Every change is conditional on that. Every method throws Spring's
 * {@code DataAccessException} when the database fails.
 */
@Repository
class KeptRepository {

	private static final String IF_WRITER = """
			WHERE file_id = :id AND writer = :request
			AND EXISTS (SELECT 1 FROM file WHERE file.id = file_id AND status = 'PENDING')""";

	private final JdbcClient jdbc;

	private final Changes changes;

	private final WriterRepository writers;

	KeptRepository(JdbcClient jdbc, Changes changes, WriterRepository writers) {
		this.jdbc = jdbc;
		this.changes = changes;
		this.writers = writers;
	}

	/** What is kept of an upload. */
	Kept find(UploadId id) {
		return this.jdbc
			.sql("""
					SELECT f.declared_bytes, f.object_key, f.parts_removed, a.* FROM file f JOIN appended_upload a ON a.file_id = f.id
					WHERE f.id = :id""")
			.param("id", id.file().value())
			.query((row, number) -> kept(row))
			.single();
	}

	private static Kept kept(ResultSet row) throws SQLException {
		long length = row.getLong("declared_bytes");
		OptionalLong said = row.wasNull() ? OptionalLong.empty() : OptionalLong.of(length);
		return new Kept(said, new ObjectKey(row.getString("object_key")),
				Optional.ofNullable(row.getString("store_upload")), row.getInt("parts"),
				new Checksum(row.getLong("bytes"), row.getLong("crc32c")), row.getInt("rest"),
				new Checksum(row.getLong("rest_bytes"), row.getLong("rest_crc32c")), row.getInt("parts_removed"),
				Optional.ofNullable(row.getString("digest")).map(WholeDigest::parse));
	}

	/**
	 * Remembers the multipart upload of the object; false if another request may change
	 * it.
	 */
	boolean begun(UploadId id, int request, ObjectKey key, String storeUpload) {
		return this.changes.makeAtOnce(() -> {
			int rows = this.jdbc.sql("UPDATE appended_upload SET store_upload = :upload " + IF_WRITER)
				.param("id", id.file().value())
				.param("request", request)
				.param("upload", storeUpload)
				.update();
			if (rows > 0) {
				this.jdbc.sql("UPDATE file SET object_key = :key WHERE id = :id")
					.param("id", id.file().value())
					.param("key", key.value())
					.update();
			}
			return rows > 0;
		});
	}

	/**
	 * Remembers parts, of which the first begins with the rest that was kept; false if
	 * another request may change the upload.
	 * @param all the bytes of all parts so far
	 */
	boolean stored(UploadId id, int request, List<StoredPart> parts, Checksum all) {
		return this.changes.makeAtOnce(() -> {
			int rows = this.jdbc.sql("""
					UPDATE appended_upload SET parts = :parts, bytes = :bytes, crc32c = :crc32c,
						rest = 0, rest_bytes = 0, rest_crc32c = 0
					""" + IF_WRITER)
				.param("id", id.file().value())
				.param("request", request)
				.param("parts", parts.getLast().number())
				.param("bytes", all.length())
				.param("crc32c", all.crc32c())
				.update();
			if (rows > 0) {
				parts.forEach((part) -> insert(id, part));
			}
			return rows > 0;
		});
	}

	private void insert(UploadId id, StoredPart part) {
		this.jdbc.sql("""
				INSERT INTO appended_part (file_id, number, etag, bytes, crc32c)
				VALUES (:id, :number, :etag, :bytes, :crc32c)""")
			.param("id", id.file().value())
			.param("number", part.number())
			.param("etag", part.etag())
			.param("bytes", part.checksum().length())
			.param("crc32c", part.checksum().crc32c())
			.update();
	}

	/**
	 * Remembers what a request leaves, which is then no longer the writer; false if
	 * another one may change the upload.
	 * @param parts those of which nothing was remembered
	 * @param all the bytes of all parts
	 * @param rest behind them
	 * @param deadline when the upload ends if nobody continues it
	 */
	boolean left(UploadId id, int request, List<StoredPart> parts, Checksum all, Checksum rest, Instant deadline) {
		return this.changes.makeAtOnce(() -> {
			int rows = this.jdbc.sql("""
					UPDATE appended_upload SET writer = 0, parts = parts + :parts, bytes = :bytes, crc32c = :crc32c,
						rest = :rest, rest_bytes = :restBytes, rest_crc32c = :restSum
					""" + IF_WRITER)
				.param("id", id.file().value())
				.param("request", request)
				.param("parts", parts.size())
				.param("bytes", all.length())
				.param("crc32c", all.crc32c())
				.param("rest", (rest.length() > 0) ? request : 0)
				.param("restBytes", rest.length())
				.param("restSum", rest.crc32c())
				.update();
			if (rows > 0) {
				parts.forEach((part) -> insert(id, part));
				this.writers.renew(List.of(id.file()), deadline);
			}
			return rows > 0;
		});
	}

	/** All parts, in order. */
	List<StoredPart> parts(UploadId id) {
		return this.jdbc.sql("SELECT * FROM appended_part WHERE file_id = :id ORDER BY number")
			.param("id", id.file().value())
			.query((row, number) -> new StoredPart(row.getInt("number"), row.getString("etag"),
					new Checksum(row.getLong("bytes"), row.getLong("crc32c"))))
			.list();
	}

	/** Notes that requests up to a number have left no object. */
	void removed(UploadId id, int upTo) {
		this.changes
			.update(this.jdbc.sql("UPDATE file SET parts_removed = :upTo WHERE id = :id AND parts_removed < :upTo")
				.param("id", id.file().value())
				.param("upTo", upTo));
	}

	/** Sets the length that a pending upload will have. Nothing changes it later. */
	void setLength(UploadId id, long length) {
		QuotaException.orMade(length,
				() -> this.changes.update(this.jdbc.sql("""
						UPDATE file SET declared_bytes = :length
						WHERE id = :id AND status = 'PENDING' AND declared_bytes IS NULL""")
					.param("id", id.file().value())
					.param("length", length)));
	}

}
