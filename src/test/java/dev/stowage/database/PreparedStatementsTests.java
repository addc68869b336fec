package dev.stowage.database;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

import com.zaxxer.hikari.HikariConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.core.CoreStatement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** Statements that SQLite's connections keep. */
class PreparedStatementsTests {

	private static final String COUNT = "SELECT count(*) FROM file";

	@TempDir
	private Path folder;

	private TestDatabase database;

	private Connection connection;

	@BeforeEach
	void open() throws SQLException {
		this.database = TestDatabase.sqlite(this.folder);
		this.connection = this.database.dataSource().getConnection();
	}

	@AfterEach
	void close() throws SQLException {
		this.connection.close();
		this.database.close();
	}

	@Test
	void areUsedAgainOverTheSameConnection() throws SQLException {
		CoreStatement first = run(COUNT);
		assertThat(run(COUNT)).isSameAs(first);
		this.connection.close();
		this.connection = this.database.dataSource().getConnection();
		assertThat(run(COUNT)).isSameAs(first);
	}

	@Test
	void areUsedByOneCallerAtATime() throws SQLException {
		try (PreparedStatement one = this.connection.prepareStatement(COUNT);
				PreparedStatement other = this.connection.prepareStatement(COUNT)) {
			assertThat(kept(other)).isNotSameAs(kept(one));
		}
	}

	@Test
	void areLimitedInNumber() throws SQLException {
		CoreStatement first = run(COUNT);
		for (int i = 0; i < 100; i++) {
			run("SELECT " + i);
		}
		assertThat(run(COUNT)).isNotSameAs(first);
	}

	@Test
	void seeTablesThatHaveChanged() throws SQLException {
		update("CREATE TABLE one (a INTEGER)");
		String all = "SELECT * FROM one";
		assertThat(columns(all)).isEqualTo(1);
		update("ALTER TABLE one ADD COLUMN b INTEGER");
		assertThat(columns(all)).isEqualTo(2);
	}

	@Test
	void workAfterOneHasFailed() throws SQLException {
		update("CREATE TABLE one (a INTEGER PRIMARY KEY)");
		String add = "INSERT INTO one VALUES (7)";
		update(add);
		assertThatExceptionOfType(SQLException.class).isThrownBy(() -> update(add));
		update("DELETE FROM one");
		update(add);
	}

	@Test
	void areForSqliteOnly() {
		HikariConfig pool = new HikariConfig();
		pool.setJdbcUrl("jdbc:postgresql://localhost/stowage");
		PreparedStatements.keep(pool);
		assertThat(pool.getDataSource()).isNull();
	}

	private CoreStatement run(String sql) throws SQLException {
		try (PreparedStatement statement = this.connection.prepareStatement(sql)) {
			statement.execute();
			return kept(statement);
		}
	}

	private static CoreStatement kept(PreparedStatement statement) throws SQLException {
		return statement.unwrap(CoreStatement.class);
	}

	private void update(String sql) throws SQLException {
		try (PreparedStatement statement = this.connection.prepareStatement(sql)) {
			statement.executeUpdate();
		}
	}

	private int columns(String sql) throws SQLException {
		try (PreparedStatement statement = this.connection.prepareStatement(sql);
				ResultSet rows = statement.executeQuery()) {
			return rows.getMetaData().getColumnCount();
		}
	}

}
