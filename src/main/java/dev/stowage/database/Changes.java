package dev.stowage.database;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

import dev.stowage.storage.DataDisk;
import dev.stowage.storage.StoreFullException;
import org.jspecify.annotations.Nullable;

import org.springframework.core.NestedExceptionUtils;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.jdbc.CannotGetJdbcConnectionException;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcOperations;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionOperations;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Makes changes to the database, each durable when its call returns. On SQLite, changes
 * that wait at the same time are committed together; each still fails alone.
 */
@Component
public class Changes {

	private static final int SQLITE_FULL = 13;

	/** Its shared memory could not grow, for example. */
	private static final int SQLITE_IOERR = 10;

	private final Optional<GroupCommit> together;

	private final TransactionOperations transaction;

	private final NamedParameterJdbcOperations jdbc;

	private final DataDisk disk;

	Changes(Optional<GroupCommit> together, TransactionOperations transaction, NamedParameterJdbcOperations jdbc,
			DataDisk disk) {
		this.jdbc = jdbc;
		this.together = together;
		this.transaction = transaction;
		this.disk = disk;
	}

	/**
	 * Must be called before a file is started: the last of the disk is reserved for
	 * deletes.
	 * @throws StoreFullException if less than the floor is free
	 */
	public void requireRoom() {
		this.disk.requireRoomFor(0);
	}

	/** Whether several instances can write at the same time; SQLite has one writer. */
	public boolean areShared() {
		return this.together.isEmpty();
	}

	/**
	 * Whether a change failed because there was no connection for it, and so has
	 * certainly not been made.
	 */
	public static boolean wasNeverSent(DataAccessException failure) {
		return failure.contains(CannotGetJdbcConnectionException.class)
				|| failure.contains(CannotCreateTransactionException.class);
	}

	/** Runs one statement, and returns how many rows it changed. */
	public int update(JdbcClient.StatementSpec statement) {
		return make(statement::update);
	}

	/**
	 * Runs one statement, and returns what it returned. As one of several that are made
	 * at once, it is committed with the others.
	 * @throws RefusedChangeException when a trigger refuses it
	 */
	public <T> T make(Supplier<T> statement) {
		try {
			return TransactionSynchronizationManager.isActualTransactionActive() ? statement.get()
					: makeAlone(statement);
		}
		catch (DataAccessException ex) {
			throw RefusedChangeException.or(ex);
		}
	}

	private <T> T makeAlone(Supplier<T> statement) {
		try {
			return makeOnce(statement);
		}
		catch (DataAccessException ex) {
			// the failed change had no effect
			if (this.together.isPresent() && isForLackOfSpace(ex) && this.disk.makeRoom()) {
				return makeOnce(statement);
			}
			throw ex;
		}
	}

	private <T> T makeOnce(Supplier<T> statement) {
		return this.together.map((group) -> group.make(statement)).orElseGet(statement);
	}

	private static boolean isForLackOfSpace(DataAccessException ex) {
		return NestedExceptionUtils.getMostSpecificCause(ex) instanceof SQLException cause
				&& (cause.getErrorCode() == SQLITE_FULL || cause.getErrorCode() == SQLITE_IOERR);
	}

	/**
	 * Runs statements one after the other, of which all take effect or none, and each
	 * sees what those before it did. They cannot use the answers of each other, so
	 * PostgreSQL gets them in one message; a transaction would be one more for each, and
	 * one for its end.
	 * @param parameters by name, of all statements
	 * @return how many rows each has changed
	 * @throws RefusedChangeException when a trigger refuses one
	 */
	public List<Integer> updateInTurn(Map<String, ? extends @Nullable Object> parameters, List<String> statements) {
		if (areShared()) {
			return make(() -> Objects
				.requireNonNull(this.jdbc.execute(String.join(";\n", statements), parameters, Changes::runAll)));
		}
		return makeAtOnce(() -> statements.stream().map((sql) -> this.jdbc.update(sql, parameters)).toList());
	}

	/** Outside a transaction, what is sent in one message is one. */
	private static List<Integer> runAll(PreparedStatement all) throws SQLException {
		all.execute();
		List<Integer> counts = new ArrayList<>();
		for (int count = all.getUpdateCount(); count >= 0; count = all.getUpdateCount()) {
			counts.add(count);
			all.getMoreResults();
		}
		return counts;
	}

	/**
	 * Runs several statements, of which all take effect or none. The first should be a
	 * write: SQLite refuses one after a read if another process has written in between.
	 */
	public <T> T makeAtOnce(Supplier<T> statements) {
		return make(() -> {
			try {
				return Objects.requireNonNull(this.transaction.execute((status) -> statements.get()));
			}
			catch (TransactionException ex) {
				throw new DataAccessResourceFailureException("The changes were not committed", ex);
			}
		});
	}

}
