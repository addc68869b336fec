package dev.stowage.storage;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

class BufferPoolTests {

	private static final Duration SOON = Duration.ofSeconds(10);

	private final AtomicInteger made = new AtomicInteger();

	private final BufferPool pool = new BufferPool(3, this::make);

	private byte[] make() {
		this.made.incrementAndGet();
		return new byte[1];
	}

	@Test
	void makesBuffersOfOnePartWhenFirstNeeded() throws InterruptedException {
		BufferPool real = new BufferPool(2);
		assertThat(real.acquire(1).getFirst()).hasSize(BufferPool.BUFFER_SIZE);
		this.pool.acquire(2);
		assertThat(this.made).hasValue(2);
	}

	@Test
	void usesBuffersAgain() throws InterruptedException {
		for (int i = 0; i < 10; i++) {
			this.pool.release(this.pool.acquire(2));
		}
		assertThat(this.made).hasValue(2);
		assertThat(this.pool.available()).isEqualTo(3);
	}

	@Test
	void neverGivesOneBufferTwice() throws InterruptedException {
		this.pool.release(this.pool.acquire(3));
		List<byte[]> held = new ArrayList<>(this.pool.acquire(2));
		held.addAll(this.pool.acquire(1));
		Set<byte[]> distinct = Collections.newSetFromMap(new IdentityHashMap<>());
		distinct.addAll(held);
		assertThat(distinct).hasSize(3);
	}

	@Test
	void waitsUntilOneIsReleased() throws Exception {
		List<byte[]> all = this.pool.acquire(3);
		Waiter waiter = new Waiter(1);
		this.pool.release(all.subList(0, 1));
		assertThat(waiter.buffers.get()).containsExactly(all.getFirst());
		assertThat(this.pool.available()).isZero();
	}

	@Test
	void takesSeveralAtOnceOrNone() throws Exception {
		List<byte[]> all = this.pool.acquire(3);
		Waiter waiter = new Waiter(3);
		this.pool.release(all.subList(0, 1));
		this.pool.release(all.subList(1, 2));
		assertThat(this.pool.available()).isEqualTo(2);
		assertThat(waiter.buffers).isNotDone();
		this.pool.release(all.subList(2, 3));
		assertThat(waiter.buffers.get()).hasSize(3);
	}

	@Test
	void servesInTheOrderOfAsking() throws Exception {
		List<byte[]> all = this.pool.acquire(3);
		Waiter large = new Waiter(2);
		Waiter small = new Waiter(1);
		this.pool.release(all.subList(0, 1));
		assertThat(this.pool.available()).isEqualTo(1);
		assertThat(small.buffers).isNotDone();
		this.pool.release(all.subList(1, 2));
		assertThat(large.buffers.get()).hasSize(2);
		assertThat(small.buffers).isNotDone();
		this.pool.release(all.subList(2, 3));
		assertThat(small.buffers.get()).hasSize(1);
	}

	@Test
	void whoIsInterruptedWhileWaitingTakesNone() throws Exception {
		List<byte[]> all = this.pool.acquire(3);
		Waiter waiter = new Waiter(2);
		waiter.thread.interrupt();
		assertThat(waiter.thread.join(SOON)).isTrue();
		assertThat(waiter.buffers).isCompletedExceptionally();
		this.pool.release(all);
		assertThat(this.pool.available()).isEqualTo(3);
	}

	@Test
	void refusesMoreThanThereCanEverBe() {
		assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> this.pool.acquire(4));
		assertThat(this.pool.available()).isEqualTo(3);
	}

	@Test
	void losesNothingWhenTheHeapIsFull() throws InterruptedException {
		AtomicInteger left = new AtomicInteger(1);
		BufferPool tight = new BufferPool(3, () -> {
			if (left.getAndDecrement() <= 0) {
				throw new OutOfMemoryError("told to fail");
			}
			return new byte[1];
		});
		assertThatExceptionOfType(OutOfMemoryError.class).isThrownBy(() -> tight.acquire(2));
		assertThat(tight.available()).isEqualTo(3);
		left.set(3);
		assertThat(tight.acquire(3)).hasSize(3).doesNotContainNull();
	}

	@Test
	void neverGivesOutMoreThanItsCapacity() throws Exception {
		AtomicInteger held = new AtomicInteger();
		AtomicInteger most = new AtomicInteger();
		List<Future<?>> users = new ArrayList<>();
		try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
			for (int user = 0; user < 50; user++) {
				users.add(executor.submit(() -> {
					for (int i = 0; i < 200; i++) {
						List<byte[]> buffers = this.pool.acquire(ThreadLocalRandom.current().nextInt(1, 4));
						most.accumulateAndGet(held.addAndGet(buffers.size()), Math::max);
						LockSupport.parkNanos(1_000);
						held.addAndGet(-buffers.size());
						this.pool.release(buffers);
					}
					return null;
				}));
			}
		}
		for (Future<?> user : users) {
			user.get();
		}
		assertThat(most.get()).isBetween(1, 3);
		assertThat(this.made.get()).isBetween(1, 3);
		assertThat(this.pool.available()).isEqualTo(3);
	}

	@Test
	void takesQuarterOfTheHeapWithinBounds() {
		long quarter = Runtime.getRuntime().maxMemory() / 4 / BufferPool.BUFFER_SIZE;
		assertThat(BufferPool.forThisHeap().capacity()).isBetween(4, 64).isEqualTo(Math.clamp(quarter, 4, 64));
	}

	/** A thread that stands in line when the constructor returns. */
	private final class Waiter {

		private final CompletableFuture<List<byte[]>> buffers = new CompletableFuture<>();

		private final Thread thread;

		Waiter(int count) {
			this.thread = Thread.ofVirtual().start(() -> {
				try {
					this.buffers.complete(BufferPoolTests.this.pool.acquire(count));
				}
				catch (InterruptedException ex) {
					this.buffers.completeExceptionally(ex);
				}
			});
			await().atMost(SOON).until(() -> this.thread.getState() == Thread.State.WAITING);
		}

	}

}
