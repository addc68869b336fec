package dev.stowage.storage.s3.parts;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.function.Function;

/**
 * The parts of one upload that are being sent, a few at a time, while the next is read.
 * Each part is closed when its call has ended. One thread uses it.
 *
 * @param <T> what a call returns
 */
final class PartsInFlight<T> {

	private static final int AT_ONCE = 3;

	private final Executor executor;

	private final Function<Part, T> call;

	private final Semaphore slots = new Semaphore(AT_ONCE);

	private final List<CompletableFuture<T>> parts = new ArrayList<>();

	PartsInFlight(Executor executor, Function<Part, T> call) {
		this.executor = executor;
		this.call = call;
	}

	/** Waits for a slot, unless a part has failed. */
	void send(Part part) {
		try {
			this.slots.acquireUninterruptibly();
			throwIfFailed();
			this.parts.add(CompletableFuture.supplyAsync(() -> sendNow(part), this.executor));
		}
		catch (Throwable ex) {
			part.close();
			throw ex;
		}
	}

	private T sendNow(Part part) {
		try (part) {
			return this.call.apply(part);
		}
		finally {
			this.slots.release();
		}
	}

	private void throwIfFailed() {
		for (CompletableFuture<T> part : this.parts) {
			if (part.isCompletedExceptionally()) {
				result(part);
			}
		}
	}

	private static <T> T result(CompletableFuture<T> part) {
		try {
			return part.join();
		}
		catch (CompletionException ex) {
			throw (ex.getCause() instanceof RuntimeException cause) ? cause : ex;
		}
	}

	/** What all calls returned, in order; throws the first failure. */
	List<T> results() {
		return this.parts.stream().map(PartsInFlight::result).toList();
	}

	/** Waits until no call runs, whether they failed or not. */
	void awaitEnd() {
		this.parts.forEach((part) -> part.handle((result, ex) -> ex).join());
	}

}
