package dev.stowage.support;

import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Writes rows of files that were not uploaded, to get long lists quickly. */
public final class ManyRows {

	/**
	 * Each row counts for its owner, and the count has a version for each change of a
	 * transaction, all of which PostgreSQL reads to make the next.
	 */
	private static final int TOGETHER = 250;

	private ManyRows() {
	}

	/** Writes files of Alice, and returns their ids in order. */
	public static List<String> write(DataSource database, int count, String name) {
		List<Object[]> rows = new ArrayList<>();
		List<String> ids = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			String id = "file-%030d".formatted(i);
			ids.add(id);
			rows.add(new Object[] { id, name, "files/" + id });
		}
		JdbcTemplate jdbc = new JdbcTemplate(database);
		TransactionTemplate transaction = new TransactionTemplate(new JdbcTransactionManager(database));
		for (int from = 0; from < count; from += TOGETHER) {
			List<Object[]> some = rows.subList(from, Math.min(from + TOGETHER, count));
			transaction.executeWithoutResult((status) -> jdbc.batchUpdate(
					"""
							INSERT INTO file (id, owner, style, status, purpose, filename, bytes, created_at, object_key, copies)
							VALUES (?, 'alice', 'MULTIPART', 'AVAILABLE', 'VISION', ?, 1, 0, ?, 0)""",
					some));
		}
		return ids;
	}

}
