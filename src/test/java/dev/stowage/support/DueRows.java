package dev.stowage.support;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import dev.stowage.database.TestDatabase;
import dev.stowage.file.FileId;
import dev.stowage.file.FileStatus;
import dev.stowage.file.ObjectKeys;
import dev.stowage.file.UploadMethod;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Many rows that are due for the sweeper, written without the repositories. */
public final class DueRows {

	private static final int BATCH = 10_000;

	private DueRows() {
	}

	/** Finished uploads through the server that their owner deleted. */
	public static void deleted(TestDatabase database, String owner, int count, Instant due) {
		add(database, owner, UploadMethod.MULTIPART, FileStatus.DELETING, count, due);
	}

	/** Finished uploads through the server that have expired. */
	public static void expired(TestDatabase database, String owner, int count, Instant due) {
		add(database, owner, UploadMethod.MULTIPART, FileStatus.AVAILABLE, count, due);
	}

	/** Signed URLs that were never used. */
	public static void granted(TestDatabase database, String owner, int count, Instant due) {
		add(database, owner, UploadMethod.PRESIGNED, FileStatus.PENDING, count, due);
	}

	private static void add(TestDatabase database, String owner, UploadMethod method, FileStatus status, int count,
			Instant due) {
		JdbcTemplate jdbc = new JdbcTemplate(database.dataSource());
		TransactionTemplate transaction = new TransactionTemplate(
				new DataSourceTransactionManager(database.dataSource()));
		boolean presigned = method == UploadMethod.PRESIGNED;
		List<Object[]> rows = new ArrayList<>();
		for (int i = 1; i <= count; i++) {
			FileId id = FileId.createdAt(due);
			rows.add(new Object[] { id.value(), owner, method.name(), status.name(), presigned ? 0 : 1,
					(presigned ? ObjectKeys.staging(id) : ObjectKeys.upload(id)).value(),
					presigned ? due.getEpochSecond() : null,
					(status == FileStatus.AVAILABLE) ? due.getEpochSecond() : null, due.getEpochSecond() });
			if (rows.size() == BATCH || i == count) {
				transaction.executeWithoutResult((same) -> jdbc.batchUpdate("""
						INSERT INTO file (id, owner, style, status, purpose, filename, bytes, created_at, copies,
							object_key, upload_ends_at, expires_at, sweep_at)
						VALUES (?, ?, ?, ?, 'EVALS', 'a', ?, 0, 0, ?, ?, ?, ?)""", rows));
				rows.clear();
			}
		}
	}

}
