package dev.stowage.database;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

import com.zaxxer.hikari.HikariConfig;
import org.apache.commons.dbcp2.DelegatingPreparedStatement;
import org.apache.commons.dbcp2.PoolingConnection;
import org.apache.commons.pool2.impl.GenericKeyedObjectPool;
import org.apache.commons.pool2.impl.GenericKeyedObjectPoolConfig;

import org.springframework.jdbc.datasource.AbstractDataSource;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * Connections to SQLite that keep the statements they ran last. SQLite compiles the
 * triggers of a table with every statement that changes it, which takes longer than to
 * run it. PostgreSQL's driver keeps statements itself.
 */
final class PreparedStatements extends AbstractDataSource {

	/** Of a connection. When there are more, those that were unused for longest go. */
	private static final int KEPT = 100;

	/** A longer one names many rows, and never comes again. */
	private static final int LONGEST = 2_000;

	private final DriverManagerDataSource driver;

	private volatile int loginTimeout;

	private PreparedStatements(String url) {
		this.driver = new DriverManagerDataSource(url);
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
		GenericKeyedObjectPoolConfig<DelegatingPreparedStatement> limits = new GenericKeyedObjectPoolConfig<>();
		limits.setMaxTotal(KEPT);
		limits.setMaxTotalPerKey(KEPT);
		limits.setMaxIdlePerKey(1);
		limits.setBlockWhenExhausted(false);
		limits.setJmxEnabled(false);
		KeepingConnection connection = new KeepingConnection(this.driver.getConnection());
		connection.setStatementPool(new GenericKeyedObjectPool<>(connection, limits));
		return connection;
	}

	/** SQLite has no users. */
	@Override
	public Connection getConnection(String user, String password) throws SQLException {
		return getConnection();
	}

	/** SQLite has no logins, but the pool waits this long for its threads at its end. */
	@Override
	public void setLoginTimeout(int seconds) {
		this.loginTimeout = seconds;
	}

	@Override
	public int getLoginTimeout() {
		return this.loginTimeout;
	}

	private static final class KeepingConnection extends PoolingConnection {

		private KeepingConnection(Connection connection) {
			super(connection);
		}

		/** Throws what the driver does. */
		@Override
		public PreparedStatement prepareStatement(String sql) throws SQLException {
			if (sql.length() > LONGEST) {
				return getDelegate().prepareStatement(sql);
			}
			try {
				return super.prepareStatement(sql);
			}
			catch (SQLException ex) {
				throw (ex.getCause() instanceof SQLException cause) ? cause : ex;
			}
		}

	}

}
