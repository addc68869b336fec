package dev.stowage.file;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DelegatingDataSource;

import static org.assertj.core.api.Assertions.assertThat;

/** {@link FileRepository} in SQLite, and by which index it finds what. */
class SqliteFileRepositoryTests extends FileRepositoryContract {

	@TempDir
	private Path folder;

	private TestDatabase database;

	@Override
	TestDatabase database() {
		return this.database;
	}

	@BeforeEach
	@Override
	void setUp() {
		this.database = TestDatabase.sqlite(this.folder);
		super.setUp();
	}

	@AfterEach
	void close() {
		this.database.close();
	}

	@Test
	void writesAheadAndWaitsForItsTurn() {
		assertThat(this.database.jdbc().sql("PRAGMA journal_mode").query(String.class).single()).isEqualTo("wal");
		assertThat(this.database.jdbc().sql("PRAGMA synchronous").query(Integer.class).single()).isEqualTo(2);
		assertThat(this.database.jdbc().sql("PRAGMA busy_timeout").query(Integer.class).single()).isEqualTo(10_000);
	}

	@ParameterizedTest
	@CsvSource({ "true, true", "true, false", "false, true", "false, false" })
	void listsAlongAnIndexWithoutSorting(boolean newestFirst, boolean behindCursor) throws SQLException {
		FileId cursor = fill();
		Optional<FileId> after = Optional.of(cursor).filter((id) -> behindCursor);
		String range = behindCursor ? (newestFirst ? " AND id<?" : " AND id>?") : "";
		assertThat(planOf((files) -> files.list(ALICE, new FileQuery(Optional.empty(), after, 10, newestFirst), NOW)))
			.containsExactly("SEARCH file USING INDEX file_by_owner (owner=?" + range + ")");
		assertThat(planOf(
				(files) -> files.list(ALICE, new FileQuery(Optional.of(Purpose.EVALS), after, 10, newestFirst), NOW)))
			.containsExactly("SEARCH file USING INDEX file_by_purpose (owner=? AND purpose=?" + range + ")");
	}

	@Test
	void claimsAlongAnIndexWithoutSorting() throws SQLException {
		fill();
		assertThat(planOf((files) -> files.claimDue(NOW, NOW.plusSeconds(120), 100)))
			.anyMatch((step) -> step.contains("INDEX file_to_sweep (sweep_at<?)"))
			.noneMatch((step) -> step.startsWith("SCAN"))
			.noneMatch((step) -> step.contains("B-TREE FOR ORDER BY"));
	}

	private FileId fill() {
		FileId last = available(ALICE, Purpose.EVALS).id();
		for (int i = 0; i < 200; i++) {
			last = available((i % 2 == 0) ? ALICE : BOB, (i % 3 == 0) ? Purpose.EVALS : Purpose.VISION).id();
		}
		return last;
	}

	/** How SQLite would run the one statement that a call prepares. */
	private List<String> planOf(Query query) throws SQLException {
		List<String> statements = new ArrayList<>();
		query.run(new FileRepository(JdbcClient.create(new DelegatingDataSource(this.database.dataSource()) {

			@Override
			public Connection getConnection() throws SQLException {
				return listening(super.getConnection(), statements);
			}

		}), Optional.empty()));
		assertThat(statements).hasSize(1);
		List<String> steps = new ArrayList<>();
		try (Connection connection = this.database.dataSource().getConnection();
				PreparedStatement explain = connection
					.prepareStatement("EXPLAIN QUERY PLAN " + statements.getFirst())) {
			for (int i = 1; i <= explain.getParameterMetaData().getParameterCount(); i++) {
				explain.setLong(i, 1);
			}
			try (ResultSet rows = explain.executeQuery()) {
				while (rows.next()) {
					steps.add(rows.getString("detail"));
				}
			}
		}
		return steps;
	}

	private static Connection listening(Connection connection, List<String> statements) {
		return (Connection) Proxy.newProxyInstance(Connection.class.getClassLoader(),
				new Class<?>[] { Connection.class }, (proxy, method, arguments) -> {
					if (method.getName().equals("prepareStatement")) {
						statements.add((String) arguments[0]);
					}
					try {
						return method.invoke(connection, arguments);
					}
					catch (InvocationTargetException ex) {
						throw ex.getTargetException();
					}
				});
	}

	/** Something to ask of the repository. */
	private interface Query {

		void run(FileRepository files);

	}

}
