package dev.stowage.storage;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static dev.stowage.Soon.await;

/** Who claims memory and then does not use it. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class UploadMemoryStallTests extends InUploadMemory {

	@Test
	void whoStallsLosesToThoseWhoWaitWhatItHasNotTaken() throws Exception {
		List<Claim> all = takeAll();
		Claim stalled = all.getFirst();
		stalled.take();
		this.nanos.addAndGet(2 * SECOND);
		Waiter waiter = new Waiter(3, false);
		assertThat(waiter.claim.get().held()).isEqualTo(3);
		assertThat(stalled.held()).isEqualTo(1);
	}

	@Test
	void whoStalledGetsTheRestAsASlowClientOnceThereIsRoom() throws Exception {
		List<Claim> all = takeAllAndFillAllButOne();
		Claim stalled = all.getFirst();
		byte[] kept = stalled.take();
		this.nanos.addAndGet(2 * SECOND);
		Waiter waiter = new Waiter(3, false);
		waiter.claim.get();
		CompletableFuture<byte[]> more = new CompletableFuture<>();
		Thread.ofVirtual().start(() -> {
			try {
				more.complete(stalled.take());
			}
			catch (InterruptedException ex) {
				more.completeExceptionally(ex);
			}
		});
		await().atMost(SOON).until(() -> this.memory.waiting() == 1);
		all.get(1).close();
		assertThat(more.get()).isNotSameAs(kept);
		assertThat(stalled.held()).isEqualTo(4);
		assertThat(stalled.slow).isTrue();
		waiter.claim.get().close();
		all.forEach(Claim::close);
		assertThat(this.memory.available()).isEqualTo(16);
	}

	@Test
	void whoIsFastEnoughKeepsItsClaim() throws Exception {
		UploadMemory large = new UploadMemory(400, this.nanos::get);
		List<Claim> all = new ArrayList<>();
		for (int i = 0; i < 4; i++) {
			all.add(large.claim(100, false));
			for (int chunk = 0; chunk < 50; chunk++) {
				all.getLast().take();
			}
		}
		this.nanos.addAndGet(2 * SECOND);
		Waiter waiter = new Waiter(large, 1, false);
		await().during(Duration.ofMillis(1500)).atMost(SOON).until(() -> !waiter.claim.isDone());
		all.getFirst().close();
		assertThat(waiter.claim.get().held()).isEqualTo(1);
	}

	@Test
	void slowClientsTakeTurns() throws Exception {
		Claim slow = this.memory.claim(4, true);
		slow.take();
		this.memory.claim(4, true);
		Waiter waiter = new Waiter(4, true);
		this.nanos.addAndGet(29 * SECOND);
		await().during(Duration.ofMillis(1500)).atMost(SOON).until(() -> !waiter.claim.isDone());
		this.nanos.addAndGet(2 * SECOND);
		assertThat(waiter.claim.get().held()).isEqualTo(4);
		assertThat(slow.held()).isEqualTo(1);
	}

	@Test
	void neverLetsMoreThanAQuarterStandInLine() throws Exception {
		List<Claim> all = takeAll();
		for (Claim claim : all) {
			claim.take();
			claim.take();
		}
		this.nanos.addAndGet(3 * SECOND);
		Waiter waiter = new Waiter(4, false);
		assertThat(waiter.claim.get().held()).isEqualTo(4);
		assertThat(all).extracting(Claim::held).containsExactly(2, 2, 4, 4);
	}

	@Test
	void losesNothingWhenTheUploadIsGivenUpWhileItWaitsForTheRest() throws Exception {
		List<Claim> all = takeAllAndFillAllButOne();
		Claim stalled = all.getFirst();
		stalled.take();
		this.nanos.addAndGet(2 * SECOND);
		Claim other = new Waiter(3, false).claim.get();
		Thread rest = Thread.ofVirtual().start(() -> {
			try {
				stalled.take();
			}
			catch (InterruptedException ex) {
				stalled.close();
			}
		});
		await().atMost(SOON).until(() -> this.memory.waiting() == 1);
		rest.interrupt();
		assertThat(rest.join(SOON)).isTrue();
		other.close();
		all.forEach(Claim::close);
		assertThat(this.memory.available()).isEqualTo(16);
		assertThat(this.memory.waiting()).isZero();
	}

	private List<Claim> takeAllAndFillAllButOne() throws InterruptedException {
		List<Claim> all = takeAll();
		for (Claim full : all.subList(1, 4)) {
			for (int chunk = 0; chunk < 4; chunk++) {
				full.take();
			}
			full.filled();
		}
		return all;
	}

}
