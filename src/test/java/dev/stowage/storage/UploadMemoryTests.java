package dev.stowage.storage;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Who gets memory, and when; capacity 16, so that one claim may have 4, and slow ones 8.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class UploadMemoryTests extends InUploadMemory {

	@Test
	void givesChunksOfOneSizeAndUsesThemAgain() throws InterruptedException {
		Set<byte[]> distinct = Collections.newSetFromMap(new IdentityHashMap<>());
		for (int i = 0; i < 10; i++) {
			try (Claim claim = this.memory.claim(2, false)) {
				distinct.add(claim.take());
				distinct.add(claim.take());
			}
		}
		assertThat(distinct).hasSize(2).allMatch((chunk) -> chunk.length == UploadMemory.CHUNK_SIZE);
		assertThat(this.memory.available()).isEqualTo(16);
	}

	@Test
	void holdsTheWholeClaimUntilItIsFilledAndThenOnlyWhatWasTaken() throws InterruptedException {
		Claim claim = this.memory.claim(4, false);
		claim.take();
		assertThat(this.memory.available()).isEqualTo(12);
		claim.filled();
		assertThat(this.memory.available()).isEqualTo(15);
		claim.close();
		assertThat(this.memory.available()).isEqualTo(16);
		claim.close();
		assertThat(this.memory.available()).isEqualTo(16);
	}

	@Test
	void servesInTheOrderOfAsking() throws Exception {
		List<Claim> all = takeAll();
		Waiter first = new Waiter(4, false);
		Waiter second = new Waiter(1, false);
		all.get(0).take();
		all.get(0).filled();
		assertThat(this.memory.available()).isEqualTo(3);
		assertThat(second.claim).isNotDone();
		all.get(0).close();
		assertThat(first.claim.get().held()).isEqualTo(4);
		assertThat(second.claim).isNotDone();
		all.get(1).close();
		assertThat(second.claim.get().held()).isEqualTo(1);
		assertThat(this.memory.available()).isEqualTo(3);
	}

	@Test
	void refusesClaimsOfMoreThanAQuarter() {
		assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> this.memory.claim(5, false));
		assertThat(this.memory.available()).isEqualTo(16);
	}

	@Test
	void slowClientsNeverHaveMoreThanHalf() throws Exception {
		Claim slow = this.memory.claim(4, true);
		this.memory.claim(4, true);
		Waiter third = new Waiter(1, true);
		assertThat(this.memory.claim(4, false).held()).isEqualTo(4);
		assertThat(this.memory.available()).isEqualTo(4);
		assertThat(third.claim).isNotDone();
		slow.filled();
		assertThat(third.claim.get().held()).isEqualTo(1);
	}

	@Test
	void slowClientsComeInTurnWithFastOnes() throws Exception {
		List<Claim> all = takeAll();
		Waiter slow = new Waiter(4, true);
		Waiter fast = new Waiter(4, false);
		all.get(0).close();
		assertThat(slow.claim.get().held()).isEqualTo(4);
		assertThat(fast.claim).isNotDone();
		all.get(1).close();
		assertThat(fast.claim.get().held()).isEqualTo(4);
	}

	@Test
	void whoIsInterruptedWhileWaitingHoldsNothing() throws Exception {
		List<Claim> all = takeAll();
		Waiter waiter = new Waiter(2, false);
		Waiter next = new Waiter(4, true);
		waiter.thread.interrupt();
		assertThat(waiter.thread.join(SOON)).isTrue();
		assertThat(waiter.claim).isCompletedExceptionally();
		all.forEach(Claim::close);
		assertThat(next.claim.get().held()).isEqualTo(4);
		assertThat(this.memory.available()).isEqualTo(12);
	}

	@Test
	void staysWithinItsCapacityAndServesEveryoneInTheEnd() throws Exception {
		UploadMemory real = new UploadMemory(16);
		AtomicInteger taken = new AtomicInteger();
		AtomicInteger most = new AtomicInteger();
		List<Future<?>> users = new ArrayList<>();
		try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
			for (int user = 0; user < 60; user++) {
				Random random = new Random(user);
				users.add(executor.submit(() -> {
					for (int i = 0; i < 60; i++) {
						use(real, random, taken, most);
					}
					return null;
				}));
			}
		}
		for (Future<?> user : users) {
			user.get();
		}
		assertThat(most.get()).isBetween(8, 16);
		assertThat(taken).hasValue(0);
		assertThat(real.available()).isEqualTo(16);
	}

	/** Now and then one stalls so long that its claim is suspended. */
	private static void use(UploadMemory memory, Random random, AtomicInteger taken, AtomicInteger most)
			throws InterruptedException {
		int size = random.nextInt(1, 5);
		int used = random.nextInt(1, size + 1);
		try (Claim claim = memory.claim(size, random.nextInt(4) == 0)) {
			for (int i = 0; i < used; i++) {
				claim.take();
				most.accumulateAndGet(taken.incrementAndGet(), Math::max);
				LockSupport.parkNanos((random.nextInt(500) == 0) ? 3 * SECOND / 2 : 1_000);
			}
			claim.filled();
			LockSupport.parkNanos(10_000);
			// before others can take them
			taken.addAndGet(-used);
		}
	}

	@Test
	void takesAnEighthOfTheHeapWithinBounds() {
		long eighth = Runtime.getRuntime().maxMemory() / 8 / UploadMemory.CHUNK_SIZE;
		assertThat(UploadMemory.forThisHeap().capacity()).isEqualTo(Math.clamp(eighth, 512, 8192));
	}

}
