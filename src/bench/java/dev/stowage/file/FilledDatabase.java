package dev.stowage.file;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import dev.stowage.database.TestDatabase;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Databases with as many rows of finished files as a benchmark asks for. */
public final class FilledDatabase {

	private static final int BATCH = 50_000;

	private FilledDatabase() {
	}

	/** Makes the SQLite file of a server over the folder, with files of one owner. */
	public static void sqlite(Path folder, String owner, int rows) {
		try (TestDatabase database = TestDatabase.sqlite(folder)) {
			fill(database, owner, 0, rows);
		}
	}

	static void fill(TestDatabase database, String owner, int from, int to) {
		List<Object[]> rows = new ArrayList<>();
		JdbcTemplate jdbc = new JdbcTemplate(database.dataSource());
		for (int i = from; i < to; i++) {
			rows.add(new Object[] { id(i).value(), owner, ObjectKeys.upload(id(i)).value() });
			if (rows.size() == BATCH || i == to - 1) {
				new TransactionTemplate(new DataSourceTransactionManager(database.dataSource()))
					.executeWithoutResult((status) -> jdbc.batchUpdate("""
							INSERT INTO file (id, owner, style, status, purpose, filename, bytes, created_at,
								object_key, copies)
							VALUES (?, ?, 'MULTIPART', 'AVAILABLE', 'VISION', 'a.png', 1, 0, ?, 0)""", rows));
				rows.clear();
			}
		}
	}

	/** Ids in the order of their numbers. */
	static FileId id(int number) {
		return new FileId("file-%030d".formatted(number));
	}

}
