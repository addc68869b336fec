package dev.stowage.database;

import java.sql.SQLException;

import org.springframework.core.NestedExceptionUtils;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.NonTransientDataAccessException;

/** A trigger has refused a change, which had no effect. */
public final class RefusedChangeException extends NonTransientDataAccessException {

	/** The state of the errors that our triggers raise in PostgreSQL. */
	private static final String STATE = "SW001";

	/** What SQLite says of every error that a trigger raises. */
	private static final String RAISED = "A RAISE function within a trigger fired";

	private RefusedChangeException(String message, DataAccessException cause) {
		super(message, cause);
	}

	/** Returns a failure, as this if a trigger was its reason. */
	static DataAccessException or(DataAccessException failure) {
		boolean isRefusal = NestedExceptionUtils.getMostSpecificCause(failure) instanceof SQLException cause
				&& (STATE.equals(cause.getSQLState()) || String.valueOf(cause.getMessage()).contains(RAISED));
		return isRefusal ? new RefusedChangeException("A trigger refused the change", failure) : failure;
	}

	/** Whether the trigger gave this reason. */
	public boolean isFor(String reason) {
		return String.valueOf(getMostSpecificCause().getMessage()).contains(reason);
	}

}
