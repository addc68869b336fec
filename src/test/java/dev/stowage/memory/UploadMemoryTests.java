package dev.stowage.memory;

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
 * Which uploads get memory, and when; the capacity is 16, so one reservation may have 4,
 * and slow ones 8.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class UploadMemoryTests extends InUploadMemory {

	@Test
	void givesChunksOfOneSizeAndUsesThemAgain() throws InterruptedException {
		Set<byte[]> distinct = Collections.newSetFromMap(new IdentityHashMap<>());
		for (int i = 0; i < 10; i++) {
			try (Reservation reservation = this.memory.reserve(2, new Client("alice").uploader())) {
				distinct.add(reservation.take());
				distinct.add(reservation.take());
			}
		}
		assertThat(distinct).hasSize(2).allMatch((chunk) -> chunk.length == UploadMemory.CHUNK_SIZE);
		assertThat(this.memory.available()).isEqualTo(16);
	}

	@Test
	void holdsTheWholeReservationUntilItIsFilledAndThenOnlyWhatWasTaken() throws InterruptedException {
		Reservation reservation = this.memory.reserve(4, new Client("alice").uploader());
		reservation.take();
		assertThat(this.memory.available()).isEqualTo(12);
		reservation.filled();
		assertThat(this.memory.available()).isEqualTo(15);
		reservation.close();
		assertThat(this.memory.available()).isEqualTo(16);
		reservation.close();
		assertThat(this.memory.available()).isEqualTo(16);
		assertThat(this.memory.senders()).isZero();
	}

	@Test
	void servesUploadsOfOneSenderInTheOrderOfAsking() throws Exception {
		List<Reservation> all = takeAll();
		Waiter first = new Waiter(4, new Client("alice"));
		Waiter second = new Waiter(1, new Client("alice"));
		all.get(0).take();
		all.get(0).filled();
		assertThat(this.memory.available()).isEqualTo(3);
		assertThat(second.reservation).isNotDone();
		all.get(0).close();
		assertThat(first.reservation.get().held()).isEqualTo(4);
		assertThat(second.reservation).isNotDone();
		all.get(1).close();
		assertThat(second.reservation.get().held()).isEqualTo(1);
		assertThat(this.memory.available()).isEqualTo(3);
	}

	@Test
	void servesTheSenderThatHoldsLeastBeforeThoseThatAskedEarlier() throws Exception {
		List<Reservation> all = takeAll();
		List<Waiter> sameSender = new ArrayList<>();
		for (int i = 0; i < 3; i++) {
			sameSender.add(new Waiter(4, new Client("alice")));
		}
		Waiter bob = new Waiter(4, new Client("bob"));
		Waiter bobAgain = new Waiter(4, new Client("bob"));
		Waiter carol = new Waiter(4, new Client("carol"));
		all.get(0).close();
		assertThat(bob.reservation.get().held()).isEqualTo(4);
		all.get(1).close();
		assertThat(carol.reservation.get().held()).isEqualTo(4);
		all.get(2).close();
		// each of the three senders held the same
		assertThat(sameSender.getFirst().reservation.get().held()).isEqualTo(4);
		assertThat(bobAgain.reservation).isNotDone();
		carol.reservation.get().close();
		assertThat(sameSender.get(1).reservation).isNotDone();
		assertThat(bobAgain.reservation.get().held()).isEqualTo(4);
	}

	@Test
	void oneSenderMayHaveAllOfItWhileNobodyElseWaits() throws Exception {
		takeAll();
		assertThat(this.memory.available()).isZero();
	}

	@Test
	void refusesReservationsOfMoreThanAQuarter() {
		assertThatExceptionOfType(IllegalArgumentException.class)
			.isThrownBy(() -> this.memory.reserve(5, new Client("alice").uploader()));
		assertThat(this.memory.available()).isEqualTo(16);
	}

	@Test
	void slowClientsNeverHaveMoreThanHalf() throws Exception {
		Reservation slow = this.memory.reserve(4, Client.slow("alice").uploader());
		this.memory.reserve(4, Client.slow("alice").uploader());
		Waiter third = new Waiter(1, Client.slow("alice"));
		assertThat(this.memory.reserve(4, new Client("alice").uploader()).held()).isEqualTo(4);
		assertThat(this.memory.available()).isEqualTo(4);
		assertThat(third.reservation).isNotDone();
		slow.filled();
		assertThat(third.reservation.get().held()).isEqualTo(1);
	}

	@Test
	void slowClientsComeInTurnWithFastOnes() throws Exception {
		List<Reservation> all = takeAll();
		Waiter slow = new Waiter(4, Client.slow("alice"));
		Waiter fast = new Waiter(4, new Client("alice"));
		all.get(0).close();
		assertThat(slow.reservation.get().held()).isEqualTo(4);
		assertThat(fast.reservation).isNotDone();
		all.get(1).close();
		assertThat(fast.reservation.get().held()).isEqualTo(4);
	}

	@Test
	void anUploadThatIsInterruptedWhileItWaitsHoldsNothing() throws Exception {
		List<Reservation> all = takeAll();
		Waiter waiter = new Waiter(2, new Client("bob"));
		Waiter next = new Waiter(4, Client.slow("alice"));
		waiter.thread.interrupt();
		assertThat(waiter.thread.join(SOON)).isTrue();
		assertThat(waiter.reservation).isCompletedExceptionally();
		all.forEach(Reservation::close);
		assertThat(next.reservation.get().held()).isEqualTo(4);
		assertThat(this.memory.available()).isEqualTo(12);
		assertThat(this.memory.senders()).isEqualTo(1);
	}

	@Test
	void staysWithinItsCapacityAndServesEveryoneInTheEnd() throws Exception {
		UploadMemory real = new UploadMemory(16);
		AtomicInteger taken = new AtomicInteger();
		AtomicInteger most = new AtomicInteger();
		AtomicInteger ended = new AtomicInteger();
		List<Future<?>> users = new ArrayList<>();
		try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
			for (int user = 0; user < 60; user++) {
				Random random = new Random(user);
				users.add(executor.submit(() -> {
					for (int i = 0; i < 60; i++) {
						use(real, random, taken, most, ended);
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
		assertThat(real.senders()).isZero();
		assertThat(ended.get()).isLessThan(60 * 6);
	}

	/** Now and then one stalls long enough to be suspended or ended. */
	private static void use(UploadMemory memory, Random random, AtomicInteger taken, AtomicInteger most,
			AtomicInteger ended) throws InterruptedException {
		int size = random.nextInt(1, 5);
		int used = random.nextInt(1, size + 1);
		int held = 0;
		Client client = new Client("sender-" + random.nextInt(5));
		try (Reservation reservation = memory.reserve(size, client.uploader())) {
			try {
				while (held < used) {
					reservation.take();
					held++;
					most.accumulateAndGet(taken.incrementAndGet(), Math::max);
					boolean stalls = random.nextInt(500) == 0;
					client.sends(stalls ? random.nextInt(10_000) : 1, random.nextInt(1, 2_000));
					LockSupport.parkNanos(stalls ? 3 * SECOND / 2 : 1_000);
				}
				reservation.filled();
			}
			catch (RevokedException ex) {
				ended.incrementAndGet();
			}
			LockSupport.parkNanos(10_000);
			// before others can take them
			taken.addAndGet(-held);
		}
	}

	@Test
	void takesAnEighthOfTheHeapWithinBounds() {
		long eighth = Runtime.getRuntime().maxMemory() / 8 / UploadMemory.CHUNK_SIZE;
		assertThat(UploadMemory.forThisHeap().capacity()).isEqualTo(Math.clamp(eighth, 512, 8192));
	}

}
