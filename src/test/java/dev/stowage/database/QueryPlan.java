package dev.stowage.database;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import dev.stowage.support.Rows;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** How a database executes the repositories' statements. */
public final class QueryPlan {

	private QueryPlan() {
	}

	/**
	 * The plan of the last statement that a call prepares.
	 * @param explain the prefix that makes the database explain a statement
	 * @param column the column of the answer that holds the steps
	 */
	public static List<String> of(TestDatabase database, String explain, String column, Consumer<Rows> call)
			throws SQLException {
		return ofAll(database, explain, column, call).getLast();
	}

	/** The plan of each statement that a call prepares. */
	public static List<List<String>> ofAll(TestDatabase database, String explain, String column, Consumer<Rows> call)
			throws SQLException {
		List<Statement> statements = new ArrayList<>();
		JdbcClient jdbc = JdbcClient.create(new DelegatingDataSource(database.dataSource()) {

			@Override
			public Connection getConnection() throws SQLException {
				return listening(super.getConnection(), statements);
			}

		});
		call.accept(new Rows(new TestDatabase(database.dataSource(), jdbc, database.together(), database.changes())));
		List<List<String>> plans = new ArrayList<>();
		for (Statement statement : statements) {
			plans.add(explained(database, explain, column, statement));
		}
		return plans;
	}

	private static List<String> explained(TestDatabase database, String explain, String column, Statement statement)
			throws SQLException {
		List<String> steps = new ArrayList<>();
		try (Connection connection = database.dataSource().getConnection();
				PreparedStatement explained = connection.prepareStatement(explain + " " + statement.sql())) {
			for (Binding binding : statement.bindings()) {
				invoke(binding.setter(), explained, binding.arguments());
			}
			try (ResultSet rows = explained.executeQuery()) {
				while (rows.next()) {
					steps.add(rows.getString(column));
				}
			}
		}
		return steps;
	}

	private static Connection listening(Connection connection, List<Statement> statements) {
		return proxy(Connection.class, (method, arguments) -> {
			Object result = invoke(method, connection, arguments);
			if (!(result instanceof PreparedStatement prepared)) {
				return result;
			}
			Statement statement = new Statement((String) arguments[0], new ArrayList<>());
			statements.add(statement);
			return listening(prepared, statement);
		});
	}

	private static PreparedStatement listening(PreparedStatement prepared, Statement statement) {
		return proxy(PreparedStatement.class, (method, arguments) -> {
			if (method.getDeclaringClass() == PreparedStatement.class && method.getName().startsWith("set")) {
				statement.bindings().add(new Binding(method, arguments));
			}
			return invoke(method, prepared, arguments);
		});
	}

	private static <T> T proxy(Class<T> type, Listener listener) {
		return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] { type },
				(proxy, method, arguments) -> listener.call(method, (arguments != null) ? arguments : new Object[0])));
	}

	private static @Nullable Object invoke(Method method, Object target, Object[] arguments) throws SQLException {
		try {
			return method.invoke(target, arguments);
		}
		catch (InvocationTargetException ex) {
			throw (ex.getTargetException() instanceof SQLException cause) ? cause : new SQLException(ex);
		}
		catch (IllegalAccessException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private record Statement(String sql, List<Binding> bindings) {
	}

	@SuppressWarnings("ArrayRecordComponent")
	private record Binding(Method setter, Object[] arguments) {
	}

	/** Handles each call of a proxy. */
	private interface Listener {

		@Nullable Object call(Method method, Object[] arguments) throws SQLException;

	}

}
