package dev.stowage.upload.append;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

import dev.stowage.database.Changes;
import dev.stowage.file.FileId;
import dev.stowage.upload.pending.UploadId;
import dev.stowage.upload.pending.UploadStatus;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * Which request may change an upload. Each request gets a number, and only the latest
 * becomes the writer. Until it does, an earlier one may still record what it has
 * received.
 * <p>
 * Every change is conditional on the state that it leaves. Every method throws Spring's
 * {@code DataAccessException} when the database fails.
 */
@Repository
class WriterRepository {

	/** Databases limit the number of parameters: PostgreSQL to 65,535. */
	private static final int AT_ONCE = 1_000;

	private static final String IF_LATEST = """
			WHERE file_id = :id AND EXISTS (SELECT 1 FROM file
				WHERE file.id = file_id AND status = 'PENDING' AND file.parts = :request)""";

	private final JdbcClient jdbc;

	private final Changes changes;

	WriterRepository(JdbcClient jdbc, Changes changes) {
		this.jdbc = jdbc;
		this.changes = changes;
	}

	/**
	 * Gives a request its number, which names what it may leave, and makes it the writer
	 * if there is none.
	 * @param deadline when the upload ends if nobody renews it
	 * @return empty if the upload is not pending
	 */
	Optional<Asked> ask(UploadId id, Instant now, Instant deadline) {
		return this.changes.makeAtOnce(() -> {
			Optional<Integer> number = this.jdbc.sql("""
					UPDATE file SET parts = parts + 1, upload_expires_at = :deadline, upload_ends_at = :known,
						sweep_at = :deadline, copies = CASE WHEN EXISTS (SELECT 1 FROM appended_upload
							WHERE file_id = file.id AND appended_upload.parts = 0) THEN parts + 1 ELSE copies END
					WHERE id = :id AND status = 'PENDING' AND upload_expires_at > :now RETURNING parts""")
				.param("id", id.file().value())
				.param("now", now.getEpochSecond())
				.param("deadline", deadline.getEpochSecond())
				.param("known", deadline.plus(UploadStatus.KNOWN).getEpochSecond())
				.query(Integer.class)
				.optional();
			return number.map((request) -> new Asked(request, this.jdbc
				.sql("UPDATE appended_upload SET writer = :request, beats = 0 WHERE file_id = :id AND writer = 0")
				.param("id", id.file().value())
				.param("request", request)
				.update() > 0));
		});
	}

	/** Makes the latest request the writer, if there is none. */
	void take(UploadId id, int request) {
		this.changes.update(this.jdbc
			.sql("UPDATE appended_upload SET writer = :request, beats = 0 " + IF_LATEST + " AND writer = 0")
			.param("id", id.file().value())
			.param("request", request));
	}

	/** Makes the latest request the writer instead of another one. */
	void replace(UploadId id, int request) {
		this.changes.update(this.jdbc.sql("UPDATE appended_upload SET writer = :request, beats = 0 " + IF_LATEST)
			.param("id", id.file().value())
			.param("request", request));
	}

	/**
	 * Ends a request that may be the writer.
	 * @param deadline when the upload ends if nobody continues it
	 */
	void release(UploadId id, int request, Instant deadline) {
		this.changes.makeAtOnce(() -> {
			int released = this.jdbc
				.sql("UPDATE appended_upload SET writer = 0 WHERE file_id = :id AND writer = :request")
				.param("id", id.file().value())
				.param("request", request)
				.update();
			if (released > 0) {
				renew(List.of(id.file()), deadline);
			}
			return released;
		});
	}

	/** Moves the end of pending uploads. */
	void renew(Collection<FileId> ids, Instant deadline) {
		List<FileId> all = List.copyOf(ids);
		for (int from = 0; from < all.size(); from += AT_ONCE) {
			this.changes.update(this.jdbc.sql("""
					UPDATE file SET upload_expires_at = :deadline, upload_ends_at = :known, sweep_at = :deadline
					WHERE status = 'PENDING' AND id IN (:ids)""")
				.param("ids", values(all.subList(from, Math.min(from + AT_ONCE, all.size()))))
				.param("deadline", deadline.getEpochSecond())
				.param("known", deadline.plus(UploadStatus.KNOWN).getEpochSecond()));
		}
	}

	/** Says that a writer is ending. */
	void beat(FileId id, int request) {
		this.changes.update(
				this.jdbc.sql("UPDATE appended_upload SET beats = beats + 1 WHERE file_id = :id AND writer = :request")
					.param("id", id.value())
					.param("request", request));
	}

	/** The requests of uploads, in no particular order. */
	List<Requests> find(Collection<FileId> ids) {
		return ids.isEmpty() ? List.of() : this.jdbc.sql("""
				SELECT f.id, f.parts, f.status, a.writer, a.beats FROM file f JOIN appended_upload a ON a.file_id = f.id
				WHERE f.id IN (:ids)""")
			.param("ids", values(ids))
			.query((row, number) -> new Requests(new FileId(row.getString("id")),
					row.getString("status").equals("PENDING"), row.getInt("parts"), row.getInt("writer"),
					row.getInt("beats")))
			.list();
	}

	private static List<String> values(Collection<FileId> ids) {
		return ids.stream().map(FileId::value).toList();
	}

	/**
	 * A request that got its number.
	 *
	 * @param isWriter whether it may change the upload
	 */
	record Asked(int number, boolean isWriter) {
	}

	/**
	 * The requests of one upload.
	 *
	 * @param latest the number of the latest
	 * @param writer the one that may change the upload; 0: none
	 * @param beats grows while the writer is ending
	 */
	record Requests(FileId id, boolean isPending, int latest, int writer, int beats) {
	}

}
