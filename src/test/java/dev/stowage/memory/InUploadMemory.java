package dev.stowage.memory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import static dev.stowage.support.Soon.await;

/**
 * A memory of 16 chunks, of which one reservation may have 4 and slow ones 8, and its
 * clock.
 */
abstract class InUploadMemory {

	static final Duration SOON = Duration.ofSeconds(10);

	/** How often a waiting upload looks at the clock, which a test moves. */
	static final Duration PAUSE = Duration.ofMillis(10);

	static final long SECOND = 1_000_000_000;

	final AtomicLong nanos = new AtomicLong(7);

	final UploadMemory memory = new UploadMemory(16, this.nanos::get, PAUSE.toNanos());

	/** Four fast clients of one sender. */
	List<Reservation> takeAll() throws InterruptedException {
		List<Reservation> all = new ArrayList<>();
		for (int i = 0; i < 4; i++) {
			all.add(this.memory.reserve(4, new Client("alice").uploader()));
		}
		return all;
	}

	/** A client whose speed a test sets, by a clock of its own. */
	static final class Client {

		final AtomicInteger cancelled = new AtomicInteger();

		private final AtomicLong nanos = new AtomicLong();

		private final Uploader uploader;

		Client(String sender) {
			this.uploader = new Uploader(sender, new ClientSpeed(this.nanos::get), this.cancelled::incrementAndGet);
		}

		/** It is known to be slow before it waits. */
		static Client slow(String sender) {
			return new Client(sender).sends(600, 1);
		}

		Uploader uploader() {
			return this.uploader;
		}

		/** Sends some kibibytes a second for some time. */
		Client sends(long millis, int kibibytes) {
			for (long left = millis; left > 0; left -= 100) {
				this.uploader.speed().await();
				this.nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(100));
				this.uploader.speed().received(kibibytes * 1024 / 10);
			}
			return this;
		}

	}

	/** A thread that waits when the constructor returns. */
	final class Waiter {

		final CompletableFuture<Reservation> reservation = new CompletableFuture<>();

		final Thread thread;

		Waiter(int chunks, Client client) {
			this(InUploadMemory.this.memory, chunks, client);
		}

		Waiter(UploadMemory memory, int chunks, Client client) {
			int before = memory.waiting();
			this.thread = Thread.ofVirtual().start(() -> {
				try {
					this.reservation.complete(memory.reserve(chunks, client.uploader()));
				}
				catch (InterruptedException ex) {
					this.reservation.completeExceptionally(ex);
				}
			});
			await().atMost(SOON).until(() -> memory.waiting() > before || this.reservation.isDone());
		}

	}

}
