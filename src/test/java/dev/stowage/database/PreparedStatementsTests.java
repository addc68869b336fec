package dev.stowage.database;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.stowage.support.StowageServer;
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
	void areNotWaitedFor() throws SQLException {
		List<PreparedStatement> open = new ArrayList<>();
		for (int i = 0; i < 20; i++) {
			open.add(this.connection.prepareStatement(COUNT));
		}
		for (PreparedStatement statement : open) {
			statement.execute();
			statement.close();
		}
	}

	@Test
	void areNotKeptIfTheyNameManyRows() throws SQLException {
		String many = "SELECT " + "1, ".repeat(700) + "1";
		assertThat(run(many)).isNotSameAs(run(many));
	}

	@Test
	void failLikeTheDriverIfTheyCannotBePrepared() {
		assertThatExceptionOfType(SQLException.class).isThrownBy(() -> this.connection.prepareStatement("SELEC 1"))
			.withMessageContaining("syntax error")
			.withMessageNotContaining("pool");
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
	void areKeptByTheServer() {
		try (StowageServer server = StowageServer.start(this.folder.resolve("server"))) {
			assertThat(server.database()).isInstanceOfSatisfying(HikariDataSource.class,
					(pool) -> assertThat(pool.getDataSource()).isInstanceOfSatisfying(PreparedStatements.class,
							// as long as the pool waits for its threads at its end
							(kept) -> assertThat(kept.getLoginTimeout()).isEqualTo(5)));
		}
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
