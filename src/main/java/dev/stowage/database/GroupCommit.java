package dev.stowage.database;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;

import io.micrometer.context.ContextSnapshot;
import io.micrometer.context.ContextSnapshotFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.autoconfigure.condition.ConditionalOnExpression;
import org.springframework.boot.flyway.autoconfigure.FlywayProperties;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Commits the changes that wait at the same time together, so that they share one wait
 * for the disk. To its caller each is a separate change: durable when the call returns,
 * and failing alone. Used for SQLite, which has one writer at a time. PostgreSQL has many
 * writers and groups their commits itself.
 */
@Component
@ConditionalOnExpression("environment['spring.datasource.url'].startsWith('jdbc:sqlite:')")
final class GroupCommit implements AutoCloseable {

	/** The caller of the first change in a group also waits for the last one. */
	private static final int MAX_GROUP = 100;

	/** How many changes of a group may fail before all others are made alone, too. */
	private static final int ATTEMPTS = 10;

	private static final ContextSnapshotFactory contexts = ContextSnapshotFactory.builder().build();

	private final JdbcClient jdbc;

	private final TransactionOperations transaction;

	/** A write to a table that is always there, of no row. */
	private final String takeTurn;

	/** The queue is as long as there are callers, because each waits for its answer. */
	private final BlockingQueue<Change<?>> waiting = new LinkedBlockingQueue<>();

	/** A virtual thread would block its carrier while it waits for the disk. */
	private final ExecutorService writer = Executors
		.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("database-writer").factory());

	GroupCommit(JdbcClient jdbc, TransactionOperations transaction, FlywayProperties flyway) {
		this.jdbc = jdbc;
		this.takeTurn = "UPDATE \"" + flyway.getTable() + "\" SET success = success WHERE installed_rank IS NULL";
		this.transaction = transaction;
	}

	/**
	 * Runs one statement on the writer's thread.
	 * @return what the statement returned, once it is committed
	 * @throws DataAccessException as the statement threw it, or when the commit failed
	 */
	<T> T make(Supplier<T> statement) {
		Change<T> change = new Change<>(statement);
		this.waiting.add(change);
		try {
			// one task for each change; it finds nothing to do if an earlier group
			// included its change
			this.writer.execute(this::commitWaiting);
		}
		catch (RejectedExecutionException ex) {
			// unless the last group before the end included this change
			if (this.waiting.remove(change)) {
				throw new DataAccessResourceFailureException("The database is being closed", ex);
			}
		}
		return change.await();
	}

	/** How many changes have not begun. */
	int waiting() {
		return this.waiting.size();
	}

	private void commitWaiting() {
		List<Change<?>> group = new ArrayList<>();
		this.waiting.drainTo(group, MAX_GROUP);
		if (group.size() == 1) {
			group.getFirst().makeAlone();
		}
		else if (!group.isEmpty()) {
			makeTogether(group);
		}
	}

	/** Without those that fail, which are made alone. */
	private void makeTogether(List<Change<?>> group) {
		List<Change<?>> left = new ArrayList<>(group);
		for (int attempt = 0; attempt < ATTEMPTS && left.size() > 1; attempt++) {
			Optional<Change<?>> failed = tryTogether(left);
			if (failed.isEmpty()) {
				return;
			}
			left.remove(failed.get());
			failed.get().makeAlone();
		}
		left.forEach(Change::makeAlone);
	}

	/** Makes all or none, and returns the one because of which none was made. */
	private Optional<Change<?>> tryTogether(List<Change<?>> group) {
		Attempt attempt = new Attempt(group);
		try {
			this.transaction.executeWithoutResult(attempt::make);
		}
		catch (TransactionException ex) {
			failAll(group, new DataAccessResourceFailureException("The changes were not committed", ex));
			return Optional.empty();
		}
		catch (Throwable ex) {
			failAll(group, ex);
			return Optional.empty();
		}
		attempt.answer();
		return attempt.failed;
	}

	/**
	 * Waits for other processes that write. If they do not finish in time, the whole
	 * group fails; otherwise each change would wait that long again.
	 */
	private void takeTurn() {
		// BEGIN IMMEDIATE would do the same, but the driver begins again after each
		// commit, and where that has to wait, a committed group looks as if it was not
		this.jdbc.sql(this.takeTurn).update();
	}

	private static void failAll(List<Change<?>> group, Throwable reason) {
		group.forEach((change) -> change.fail(reason));
	}

	/** Makes all requested changes, then ends. */
	@Override
	public void close() {
		this.writer.close();
	}

	/** A transaction with several changes. */
	private final class Attempt {

		private final List<Change<?>> group;

		private final List<Runnable> answers = new ArrayList<>();

		private Optional<Change<?>> failed = Optional.empty();

		private Attempt(List<Change<?>> group) {
			this.group = group;
		}

		/** Changes nothing if one of the changes fails. */
		private void make(TransactionStatus status) {
			takeTurn();
			for (Change<?> change : this.group) {
				try {
					this.answers.add(change.make());
				}
				catch (RuntimeException ex) {
					this.failed = Optional.of(change);
					status.setRollbackOnly();
					return;
				}
			}
		}

		/** Once it is committed. */
		private void answer() {
			if (this.failed.isEmpty()) {
				this.answers.forEach(Runnable::run);
			}
		}

	}

	/** A statement, and the answer for which its caller waits. */
	private static final class Change<T extends @Nullable Object> {

		private final Supplier<T> statement;

		/** While it runs, the writer logs with its caller's context. */
		private final ContextSnapshot context = contexts.captureAll();

		private final CompletableFuture<T> answer = new CompletableFuture<>();

		private Change(Supplier<T> statement) {
			this.statement = statement;
		}

		/** Runs it, and says how to answer once that is committed. */
		private Runnable make() {
			ContextSnapshot.Scope scope = this.context.setThreadLocals();
			try {
				T result = this.statement.get();
				return () -> this.answer.complete(result);
			}
			finally {
				scope.close();
			}
		}

		private void makeAlone() {
			try {
				make().run();
			}
			catch (Throwable ex) {
				fail(ex);
			}
		}

		private void fail(Throwable reason) {
			this.answer.completeExceptionally(reason);
		}

		/** An interrupt does not end the wait, because the change would still be made. */
		private T await() {
			try {
				return this.answer.join();
			}
			catch (CompletionException ex) {
				throw (ex.getCause() instanceof RuntimeException cause) ? cause : ex;
			}
		}

	}

}
