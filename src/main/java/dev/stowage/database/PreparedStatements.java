package dev.stowage.database;

import java.sql.Connection;
import java.sql.SQLException;

import com.zaxxer.hikari.HikariConfig;
import org.apache.commons.dbcp2.DelegatingPreparedStatement;
import org.apache.commons.dbcp2.PoolingConnection;
import org.apache.commons.pool2.impl.GenericKeyedObjectPool;
import org.apache.commons.pool2.impl.GenericKeyedObjectPoolConfig;

import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * Connections to SQLite that keep the statements they ran last. SQLite compiles the
 * triggers of a table with every statement that changes it, which takes longer than to
 * run it. PostgreSQL's driver keeps statements itself.
 */
final class PreparedStatements extends DelegatingDataSource {

	/** More than a server has, of some 10 KiB each. */
	private static final int KEPT = 100;

	private PreparedStatements(String url) {
		super(new DriverManagerDataSource(url));
	}

	/** Lets the connections of a pool keep theirs, if it is for SQLite. */
	static void keep(HikariConfig pool) {
		String url = pool.getJdbcUrl();
		if (url != null && url.startsWith("jdbc:sqlite:")) {
			pool.setDataSource(new PreparedStatements(url));
		}
	}

	@Override
	public Connection getConnection() throws SQLException {
		PoolingConnection connection = new PoolingConnection(super.getConnection());
		GenericKeyedObjectPoolConfig<DelegatingPreparedStatement> config = new GenericKeyedObjectPoolConfig<>();
		// beyond it, the one that was not used for longest goes
		config.setMaxTotal(KEPT);
		config.setJmxEnabled(false);
		connection.setStatementPool(new GenericKeyedObjectPool<>(connection, config));
		return connection;
	}

}
