package dev.stowage.file;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

import dev.stowage.storage.ObjectKey;
import dev.stowage.storage.ObjectStore;
import io.micrometer.context.ContextSnapshotFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes the bytes of a file that was just deleted, so that links to it end. Nothing
 * depends on it: the sweeper removes the same bytes again. A client that deletes a file
 * waits two seconds at most, and a silent store holds at most {@value #AT_ONCE} calls.
 */
public final class PromptRemoval {

	private static final Logger logger = LoggerFactory.getLogger(PromptRemoval.class);

	public static final int AT_ONCE = 16;

	private static final Duration WAIT = Duration.ofSeconds(2);

	private static final ContextSnapshotFactory contexts = ContextSnapshotFactory.builder().build();

	private final ObjectStore store;

	private final BooleanSupplier ours;

	private final Semaphore free = new Semaphore(AT_ONCE);

	/**
	 * Makes one for a store.
	 * @param ours whether the store belongs to this database; a restored copy of a
	 * database must remove nothing from the store of the original
	 */
	PromptRemoval(ObjectStore store, BooleanSupplier ours) {
		this.store = store;
		this.ours = ours;
	}

	/** Returns when the object is removed, or is left to the sweeper. */
	void remove(ObjectKey key) {
		if (!this.free.tryAcquire()) {
			return;
		}
		CountDownLatch end = new CountDownLatch(1);
		Thread.ofVirtual().name("removal").start(contexts.captureAll().wrap(() -> {
			try {
				removeNow(key);
			}
			finally {
				this.free.release();
				end.countDown();
			}
		}));
		try {
			if (!end.await(WAIT.toMillis(), TimeUnit.MILLISECONDS)) {
				logger.debug("Stopped waiting for the removal of {}", key);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private void removeNow(ObjectKey key) {
		try {
			if (this.ours.getAsBoolean()) {
				this.store.delete(key);
			}
		}
		catch (RuntimeException ex) {
			logger.debug("Could not remove {}; the sweeper removes it later: {}", key, ex.getMessage());
		}
	}

}
