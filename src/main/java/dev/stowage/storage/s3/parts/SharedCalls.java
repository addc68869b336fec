package dev.stowage.storage.s3.parts;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * The calls of many threads that work on one object. A limited number of calls run at the
 * same time. Before each of them the progress is reported, by one thread at a time. After
 * the first failure no call begins.
 */
final class SharedCalls {

	private final int atOnce;

	private final Semaphore slots;

	private final Runnable progress;

	private final Executor executor;

	private final ReentrantLock reporting = new ReentrantLock();

	private volatile @Nullable Throwable failure;

	/**
	 * For one object.
	 * @param atOnce how many calls run at the same time
	 * @param progress is called before each call; what it throws counts as a failure
	 * @param executor starts a thread for whatever it is given
	 */
	SharedCalls(int atOnce, Runnable progress, Executor executor) {
		this.atOnce = atOnce;
		this.slots = new Semaphore(atOnce);
		this.progress = progress;
		this.executor = executor;
	}

	/**
	 * Does each of a number of pieces of work, as many side by side as calls may run.
	 * Ends after all its threads have ended.
	 * @param work is given the number of the piece, from 0
	 */
	void forEach(int count, IntConsumer work) {
		AtomicInteger next = new AtomicInteger();
		Runnable thread = () -> {
			try {
				for (int i = next.getAndIncrement(); i < count && !hasFailed(); i = next.getAndIncrement()) {
					work.accept(i);
				}
			}
			catch (Throwable ex) {
				fail(ex);
			}
		};
		Stream.generate(() -> CompletableFuture.runAsync(thread, this.executor))
			.limit(Math.min(this.atOnce, count))
			.toList()
			.forEach(CompletableFuture::join);
		throwFailure();
	}

	/**
	 * Makes a call.
	 * @throws CancellationException when another one has failed
	 */
	<T> T call(Supplier<T> call) {
		this.slots.acquireUninterruptibly();
		try {
			report();
			return call.get();
		}
		catch (Throwable ex) {
			fail(ex);
			throw ex;
		}
		finally {
			this.slots.release();
		}
	}

	private void report() {
		this.reporting.lock();
		try {
			if (hasFailed()) {
				throw new CancellationException();
			}
			this.progress.run();
		}
		catch (Throwable ex) {
			// before another thread can report
			fail(ex);
			throw ex;
		}
		finally {
			this.reporting.unlock();
		}
	}

	/** Only the first failure counts. */
	private synchronized void fail(Throwable ex) {
		if (this.failure == null) {
			this.failure = ex;
		}
	}

	private boolean hasFailed() {
		return this.failure != null;
	}

	private void throwFailure() {
		switch (this.failure) {
			case RuntimeException ex -> throw ex;
			case Error ex -> throw ex;
			case null -> {
				// all calls have succeeded so far
			}
			default -> throw new IllegalStateException(this.failure);
		}
	}

}
