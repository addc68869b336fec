package dev.stowage.support;

import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Writes rows of files that were not uploaded, to get long lists quickly. */
public final class ManyRows {

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
		new TransactionTemplate(new JdbcTransactionManager(database)).executeWithoutResult((status) -> jdbc.batchUpdate(
				"""
						INSERT INTO file (id, owner, style, status, purpose, filename, bytes, created_at, object_key, copies)
						VALUES (?, 'alice', 'MULTIPART', 'AVAILABLE', 'VISION', ?, 1, 0, ?, 0)""",
				rows));
		return ids;
	}

}
