package dev.stowage.memory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static dev.stowage.support.Soon.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** Clients that reserve memory and then do not use it, or hold it too long. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class UploadMemoryStallTests extends InUploadMemory {

	private final List<Client> clients = new ArrayList<>();

	private final List<Reservation> all = new ArrayList<>();

	/** Reserves a quarter and takes a part of it. */
	private Reservation reserve(Client client, int taken) throws InterruptedException {
		Reservation reservation = this.memory.reserve(4, client.uploader());
		for (int i = 0; i < taken; i++) {
			reservation.take();
		}
		this.clients.add(client);
		this.all.add(reservation);
		return reservation;
	}

	/** With a client that looks fast at first. */
	private Reservation reserveAndSend(String sender, int taken, long millis, int kibibytes)
			throws InterruptedException {
		Reservation reservation = reserve(new Client(sender), taken);
		this.clients.getLast().sends(millis, kibibytes);
		return reservation;
	}

	private void seconds(long seconds) {
		this.nanos.addAndGet(seconds * SECOND);
	}

	/** Only a client that is too slow at two checks, a second apart, is ended. */
	private void awaitEnd() {
		await().atMost(SOON).pollInterval(PAUSE.multipliedBy(10)).until(() -> {
			seconds(1);
			return this.all.stream().anyMatch(Reservation::isRevoked);
		});
	}

	private void doesNotGetIt(Waiter waiter) {
		await().during(PAUSE.multipliedBy(30)).atMost(SOON).until(() -> !waiter.reservation.isDone());
		assertThat(this.all).noneMatch(Reservation::isRevoked);
	}

	@Test
	void noClientIsEndedBecauseTheServerStoodStill() throws Exception {
		for (int i = 0; i < 4; i++) {
			reserveAndSend("alice", 4, 10_000, 0);
		}
		Waiter waiter = new Waiter(1, new Client("bob"));
		seconds(10);
		Thread.sleep(PAUSE.multipliedBy(20));
		// what was there by then has been read
		this.clients.forEach((client) -> client.sends(1_000, 10_000));
		seconds(1);
		doesNotGetIt(waiter);
	}

	@Test
	void aSlowClientLosesToThoseWhoWaitWhatItHasNotTaken() throws Exception {
		Reservation stalled = reserve(new Client("alice"), 1);
		for (int i = 0; i < 3; i++) {
			reserve(new Client("alice"), 0);
		}
		seconds(2);
		this.clients.getFirst().sends(2_000, 100);
		Waiter waiter = new Waiter(3, new Client("alice"));
		assertThat(waiter.reservation.get().held()).isEqualTo(3);
		assertThat(stalled.held()).isEqualTo(1);
		assertThat(stalled.isRevoked()).isFalse();
	}

	@Test
	void aSuspendedUploadGetsTheRestAsASlowOneOnceThereIsRoom() throws Exception {
		Reservation stalled = reserve(new Client("alice"), 0);
		byte[] kept = stalled.take();
		for (int i = 0; i < 3; i++) {
			reserve(new Client("alice"), 4).filled();
		}
		seconds(2);
		this.clients.getFirst().sends(2_000, 100);
		Waiter waiter = new Waiter(3, new Client("alice"));
		waiter.reservation.get();
		CompletableFuture<byte[]> more = takeLater(stalled);
		await().atMost(SOON).until(() -> this.memory.waiting() == 1);
		this.all.get(1).close();
		assertThat(more.get()).isNotSameAs(kept);
		assertThat(stalled.held()).isEqualTo(4);
		assertThat(stalled.slow).isTrue();
		waiter.reservation.get().close();
		allIsFreeAgain();
	}

	private static CompletableFuture<byte[]> takeLater(Reservation reservation) {
		CompletableFuture<byte[]> more = new CompletableFuture<>();
		Thread.ofVirtual().start(() -> {
			try {
				more.complete(reservation.take());
			}
			catch (Throwable ex) {
				more.completeExceptionally(ex);
			}
		});
		return more;
	}

	private void allIsFreeAgain() {
		this.all.forEach(Reservation::close);
		assertThat(this.memory.available()).isEqualTo(16);
		assertThat(this.memory.waiting()).isZero();
		assertThat(this.memory.senders()).isZero();
	}

	@Test
	void aFastClientKeepsItsReservation() throws Exception {
		for (int i = 0; i < 4; i++) {
			reserveAndSend("alice", 2, 3_000, 2_000);
		}
		seconds(300);
		Waiter waiter = new Waiter(1, new Client("bob"));
		doesNotGetIt(waiter);
		this.all.getFirst().close();
		assertThat(waiter.reservation.get().held()).isEqualTo(1);
	}

	@Test
	void slowClientsTakeTurns() throws Exception {
		Reservation slow = reserve(Client.slow("alice"), 1);
		reserve(Client.slow("alice"), 0);
		Waiter waiter = new Waiter(4, Client.slow("alice"));
		seconds(29);
		doesNotGetIt(waiter);
		seconds(2);
		assertThat(waiter.reservation.get().held()).isEqualTo(4);
		assertThat(slow.held()).isEqualTo(1);
	}

	@Test
	void neverSuspendsMoreThanAQuarter() throws Exception {
		for (int i = 0; i < 4; i++) {
			reserveAndSend("alice", 2, 2_000, 100);
		}
		seconds(3);
		Waiter waiter = new Waiter(4, new Client("alice"));
		assertThat(waiter.reservation.get().held()).isEqualTo(4);
		assertThat(this.all).extracting(Reservation::held).containsExactly(2, 2, 4, 4);
		// they are in the half that slow clients may have
		assertThat(this.all).extracting((reservation) -> reservation.slow).containsExactly(false, false, true, true);
	}

	@Test
	void aClientThatStallsWithItsPartAlmostFullIsEndedForTheNext() throws Exception {
		for (int i = 0; i < 4; i++) {
			reserveAndSend("alice", 4, 5_100, 0);
		}
		seconds(6);
		Waiter waiter = new Waiter(1, new Client("bob"));
		awaitEnd();
		assertThat(this.all).filteredOn(Reservation::isRevoked).singleElement().satisfies((ended) -> {
			assertThat(waiter.reservation).isNotDone();
			assertThatExceptionOfType(RevokedException.class).isThrownBy(ended::take);
			assertThatExceptionOfType(RevokedException.class).isThrownBy(ended::filled);
			ended.close();
		});
		assertThat(waiter.reservation.get().held()).isEqualTo(1);
		await().atMost(SOON)
			.untilAsserted(() -> assertThat(this.clients).extracting((client) -> client.cancelled.get())
				.containsExactlyInAnyOrder(0, 0, 0, 1));
		waiter.reservation.get().close();
		allIsFreeAgain();
	}

	@Test
	void noClientIsEndedWhileNobodyWaits() throws Exception {
		for (int i = 0; i < 4; i++) {
			reserveAndSend("alice", 4, 60_000, 0);
		}
		seconds(60);
		Thread.sleep(PAUSE.multipliedBy(20));
		assertThat(this.all).noneMatch(Reservation::isRevoked);
	}

	@Test
	void noClientIsEndedWhereThatWouldNotHelp() throws Exception {
		for (int i = 0; i < 3; i++) {
			reserve(new Client("alice"), 4).filled();
		}
		reserve(new Client("alice"), 1).filled();
		Client client = new Client("alice");
		Reservation stalled = this.memory.reserve(3, client.uploader());
		stalled.take();
		client.sends(60_000, 0);
		seconds(6);
		Waiter waiter = new Waiter(4, new Client("alice"));
		doesNotGetIt(waiter);
		assertThat(stalled.isRevoked()).isFalse();
		assertThat(stalled.held()).isEqualTo(1);
	}

	@Test
	void aSlowClientOutsideTheHalfOfTheSlowOnesIsEndedTheLatestFirst() throws Exception {
		for (int i = 0; i < 4; i++) {
			reserveAndSend("alice", 4, 6_000, 100);
			seconds(1);
		}
		seconds(6);
		Waiter waiter = new Waiter(1, new Client("alice"));
		awaitEnd();
		assertThat(this.all).extracting(Reservation::isRevoked).containsExactly(false, false, false, true);
		this.all.getLast().close();
		assertThat(waiter.reservation.get().held()).isEqualTo(1);
	}

	@Test
	void aSlowClientInTheHalfOfTheSlowOnesIsNotEndedForItsOwnSender() throws Exception {
		fillSlowHalf("alice", "alice");
		Waiter waiter = new Waiter(4, Client.slow("alice"));
		seconds(121);
		doesNotGetIt(waiter);
	}

	@Test
	void aSlowClientIsEndedForAnotherSenderAfterMinutes() throws Exception {
		fillSlowHalf("alice", "carol");
		Waiter waiter = new Waiter(4, Client.slow("bob"));
		seconds(110);
		doesNotGetIt(waiter);
		seconds(1);
		doesNotGetIt(waiter);
		seconds(9);
		awaitEnd();
		this.all.stream().filter(Reservation::isRevoked).findAny().orElseThrow().close();
		assertThat(waiter.reservation.get().held()).isEqualTo(4);
	}

	/** Also holds the quarter that may be suspended, so that no client can take turns. */
	private void fillSlowHalf(String first, String second) throws Exception {
		reserveAndSend("dave", 4, 6_000, 100);
		seconds(2);
		for (int i = 0; i < 3; i++) {
			reserve(new Client("dave"), 4).filled();
		}
		Waiter suspends = new Waiter(1, new Client("dave"));
		await().atMost(SOON).until(() -> this.all.getFirst().state == Reservation.State.SUSPENDED);
		this.all.subList(1, 4).forEach(Reservation::close);
		suspends.reservation.get().close();
		reserve(Client.slow(first).sends(6_000, 100), 4);
		reserve(Client.slow(second).sends(6_000, 100), 4);
	}

	@Test
	void aSenderThatHoldsMoreThanHalfLosesSlowUploadsWithinSeconds() throws Exception {
		for (int i = 0; i < 2; i++) {
			reserve(Client.slow("alice").sends(6_000, 100), 4);
			seconds(1);
		}
		reserveAndSend("alice", 4, 6_000, 2_000);
		reserveAndSend("bob", 4, 6_000, 2_000).filled();
		seconds(2);
		Waiter waiter = new Waiter(4, new Client("bob"));
		awaitEnd();
		assertThat(this.all).extracting(Reservation::isRevoked).containsExactly(false, true, false, false);
		this.all.get(1).close();
		assertThat(waiter.reservation.get().held()).isEqualTo(4);
	}

	@Test
	void anUploadThatWaitsForTheRestOfItsPartIsNotBlamedForThat() throws Exception {
		Reservation suspended = reserveAndSend("alice", 2, 6_000, 100);
		for (int i = 0; i < 3; i++) {
			reserve(new Client("alice"), 4).filled();
		}
		seconds(2);
		new Waiter(2, new Client("alice")).reservation.get();
		CompletableFuture<byte[]> more = takeLater(suspended);
		await().atMost(SOON).until(() -> this.memory.waiting() == 1);
		this.clients.getFirst().sends(60_000, 0);
		seconds(200);
		Waiter waiter = new Waiter(2, new Client("bob"));
		doesNotGetIt(waiter);
		assertThat(suspended.isRevoked()).isFalse();
		assertThat(more).isNotDone();
	}

	@Test
	void losesNothingWhenTheUploadEndsWhileItWaitsForTheRest() throws Exception {
		Reservation stalled = reserveAndSend("alice", 1, 2_000, 100);
		for (int i = 0; i < 3; i++) {
			reserve(new Client("alice"), 4).filled();
		}
		seconds(2);
		Reservation other = new Waiter(3, new Client("alice")).reservation.get();
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
		allIsFreeAgain();
	}

}
