package dev.stowage.startup;

import java.io.IOException;
import java.sql.SQLException;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/**
 * Explains why the database cannot be used, and what to set, instead of a stack trace.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
class DatabaseFailureAnalyzer extends AbstractFailureAnalyzer<SQLException> {

	private static final String WRONG_PASSWORD = "28P01";

	private static final String NO_SUCH_DATABASE = "3D000";

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, SQLException cause) {
		// the driver's message omits that a host is unknown, or does not answer
		String why = (cause.getCause() instanceof IOException network) ? " (" + network + ")" : "";
		return new FailureAnalysis("The database cannot be used: " + cause.getMessage() + why, action(cause), cause);
	}

	private static String action(SQLException cause) {
		return switch (String.valueOf(cause.getSQLState())) {
			case WRONG_PASSWORD ->
				"Set SPRING_DATASOURCE_USERNAME and SPRING_DATASOURCE_PASSWORD to a user of the database.";
			case NO_SUCH_DATABASE -> "Create the database, or name another in SPRING_DATASOURCE_URL.";
			default -> "Check that the database is running, and check SPRING_DATASOURCE_URL,"
					+ " SPRING_DATASOURCE_USERNAME and SPRING_DATASOURCE_PASSWORD.";
		};
	}

}
