package dev.stowage.storage;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

import static dev.stowage.Soon.await;

/**
 * A memory of 16 chunks, of which one claim may have 4 and slow ones 8, and its clock.
 */
abstract class InUploadMemory {

	static final Duration SOON = Duration.ofSeconds(10);

	static final long SECOND = 1_000_000_000;

	final AtomicLong nanos = new AtomicLong(7);

	final UploadMemory memory = new UploadMemory(16, this.nanos::get);

	List<Claim> takeAll() throws InterruptedException {
		List<Claim> all = new ArrayList<>();
		for (int i = 0; i < 4; i++) {
			all.add(this.memory.claim(4, false));
		}
		return all;
	}

	/** A thread that stands in line when the constructor returns. */
	final class Waiter {

		final CompletableFuture<Claim> claim = new CompletableFuture<>();

		final Thread thread;

		Waiter(int chunks, boolean slow) {
			this(InUploadMemory.this.memory, chunks, slow);
		}

		Waiter(UploadMemory memory, int chunks, boolean slow) {
			int before = memory.waiting();
			this.thread = Thread.ofVirtual().start(() -> {
				try {
					this.claim.complete(memory.claim(chunks, slow));
				}
				catch (InterruptedException ex) {
					this.claim.completeExceptionally(ex);
				}
			});
			await().atMost(SOON).until(() -> memory.waiting() > before || this.claim.isDone());
		}

	}

}
