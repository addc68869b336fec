package dev.stowage.file;

import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Makes changes to the database, each durable when its call returns. On SQLite, changes
 * that wait at the same time are committed together; each still fails alone.
 */
@Component
class Changes {

	private final Optional<GroupCommit> together;

	private final TransactionOperations transaction;

	Changes(Optional<GroupCommit> together, TransactionOperations transaction) {
		this.together = together;
		this.transaction = transaction;
	}

	/** Runs one statement, and returns how many rows it changed. */
	int update(JdbcClient.StatementSpec statement) {
		return make(statement::update);
	}

	/** Runs one statement, and returns what it returned. */
	<T> T make(Supplier<T> statement) {
		return this.together.map((group) -> group.make(statement)).orElseGet(statement);
	}

	/** Runs several statements, of which all take effect or none. */
	<T> T makeAtOnce(Supplier<T> statements) {
		return make(() -> Objects.requireNonNull(this.transaction.execute((status) -> statements.get())));
	}

}
