package dev.stowage.upload;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

import dev.stowage.file.FileException;
import dev.stowage.file.StoredFile;
import dev.stowage.storage.Checksum;
import dev.stowage.storage.FailingObjectStore;
import dev.stowage.storage.FailingObjectStore.Call;
import dev.stowage.storage.FailingObjectStore.Moment;
import dev.stowage.storage.IncomingBytes;
import dev.stowage.storage.ObjectKey;
import dev.stowage.storage.ObjectStoreException;
import dev.stowage.storage.ObjectTooLargeException;
import dev.stowage.support.FileWorld.Upload;
import dev.stowage.support.Generated;
import dev.stowage.support.InFileWorld;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static dev.stowage.support.FileWorld.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** A slow upload, and a sweeper that must distinguish it from a dead one. */
class UploadLeaseTests extends InFileWorld {

	private static final Duration TIMEOUT = Duration.ofMinutes(5);

	private SlowStore store;

	@BeforeEach
	@Override
	protected void setUp() {
		this.store = new SlowStore();
		this.world = world(Map.of(), this.store);
	}

	@Test
	void livesAsLongAsItsLeaseIsRenewedThoughSwept() throws IOException {
		AtomicInteger steps = new AtomicInteger();
		Generated slow = new Generated(300, 10, (position) -> {
			this.world.clock.move(TIMEOUT.dividedBy(10));
			this.world.leases.renew();
			this.world.sweeper.sweep();
			steps.incrementAndGet();
		});
		StoredFile file = this.world.upload(new Upload(slow));
		assertThat(steps).hasValueGreaterThanOrEqualTo(30);
		assertThat(this.world.served(file)).hasSize(300);
		assertThat(this.store.calls(Call.DELETE_UPLOADS)).isEmpty();
		this.world.requireNothingButListed();
	}

	@Test
	void livesThoughSeveralRenewalsAreMissed() throws IOException {
		Generated slow = new Generated(30, 10, (position) -> {
			this.world.clock.move(this.world.leases.interval().multipliedBy(5));
			this.world.sweeper.sweep();
			this.world.leases.renew();
		});
		StoredFile file = this.world.upload(new Upload(slow));
		assertThat(this.world.listed()).containsExactly(file);
	}

	@Test
	void livesHoweverLongTheStoreTakes() throws IOException {
		this.store.beforePut = Optional.of(() -> {
			for (int i = 0; i < 20; i++) {
				this.world.clock.move(this.world.leases.interval());
				this.world.leases.renew();
				this.world.sweeper.sweep();
			}
		});
		StoredFile file = this.world.upload(bytes("patience"));
		assertThat(this.world.listed()).containsExactly(file);
	}

	@Test
	void isNotRenewedOnceItHasEnded() throws IOException {
		this.world.upload(bytes("done"));
		this.store.fail(Moment.BEFORE, Call.PUT);
		assertThatExceptionOfType(ObjectStoreException.class).isThrownBy(() -> this.world.upload(bytes("failed")));
		assertThat(this.world.leases.size()).isZero();
	}

	@Test
	void endsWithTheFirstByteAfterItsLeaseRanOutAndWasSwept() {
		AtomicInteger reads = new AtomicInteger();
		Generated slow = new Generated(1000, 10, (position) -> {
			if (reads.incrementAndGet() == 3) {
				this.world.clock.move(TIMEOUT.multipliedBy(2));
				this.world.sweeper.sweep();
				assertThat(this.world.database.rows()).isZero();
				this.world.leases.renew();
			}
		});
		assertThatExceptionOfType(FileException.LeaseLost.class).isThrownBy(() -> this.world.upload(new Upload(slow)))
			.withMessageContaining("too busy to keep track of this upload");
		assertThat(reads).hasValue(3);
		this.world.clock.move(Duration.ofMinutes(10));
		this.world.sweeper.sweep();
		this.world.requireObjects();
		assertThat(this.world.database.rows()).isZero();
	}

	@Test
	void endsALargeUploadWhosePartsWereSweptWithoutLeavingAny() {
		long length = 30L * 1024 * 1024;
		Generated slow = new Generated(length, 1 << 20, (position) -> {
			if (position > length - 100) {
				this.world.clock.move(TIMEOUT.multipliedBy(2));
				this.world.sweeper.sweep();
				this.world.leases.renew();
			}
		});
		assertThatExceptionOfType(FileException.LeaseLost.class).isThrownBy(() -> this.world.upload(new Upload(slow)));
		this.world.requireNothingButListed();
		this.world.requireObjects();
	}

	@Test
	void removesAnObjectThatComesAfterItsRowWasSwept() {
		this.store.beforePut = Optional.of(() -> {
			this.world.clock.move(TIMEOUT.multipliedBy(2));
			this.world.sweeper.sweep();
			assertThat(this.world.database.rows()).isZero();
		});
		assertThatExceptionOfType(FileException.LeaseLost.class).isThrownBy(() -> this.world.upload(bytes("late")));
		assertThat(engine().keys()).hasSize(1);
		assertThat(this.world.listed()).isEmpty();
		this.world.clock.move(Duration.ofMinutes(10));
		this.world.sweeper.sweep();
		this.world.requireObjects();
		assertThat(this.world.database.rows()).isZero();
	}

	@Test
	void removesAnObjectThatComesWhileItsRowIsBeingSwept() {
		CountDownLatch sweeping = new CountDownLatch(1);
		CountDownLatch received = new CountDownLatch(1);
		this.store.beforePut = Optional.of(() -> {
			received.countDown();
			await(sweeping);
		});
		CompletableFuture<StoredFile> upload = CompletableFuture.supplyAsync(() -> {
			try {
				return this.world.upload(bytes("late"));
			}
			catch (IOException ex) {
				throw new IllegalStateException(ex);
			}
		});
		await(received);
		this.world.clock.move(TIMEOUT.multipliedBy(2));
		this.store.run(Moment.AFTER, Call.DELETE_UPLOADS, 1, (key) -> {
			sweeping.countDown();
			assertThatExceptionOfType(CompletionException.class).isThrownBy(upload::join)
				.withCauseInstanceOf(FileException.LeaseLost.class);
		});
		this.world.sweeper.sweep();
		assertThat(upload).isCompletedExceptionally();
		this.world.clock.move(Duration.ofMinutes(10));
		this.world.sweeper.sweep();
		this.world.requireObjects();
		assertThat(this.world.database.rows()).isZero();
	}

	@Test
	void removesAnObjectThatTheStoreKeepsLongAfterItSeemedToFail() throws Exception {
		this.store.fail(Moment.BEFORE, Call.PUT);
		assertThatExceptionOfType(ObjectStoreException.class).isThrownBy(() -> this.world.upload(bytes("late")));
		ObjectKey key = this.store.calls(Call.PUT).getFirst();
		this.store.heal();
		this.world.sweeper.sweep();
		engine().store().put(key, new ByteArrayInputStream(bytes("late")), 100);
		this.world.clock.move(Duration.ofMinutes(10));
		this.world.sweeper.sweep();
		this.world.requireObjects();
		assertThat(this.world.database.rows()).isZero();
	}

	private static void await(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/** On request, has all the bytes some time before it stores them. */
	private static final class SlowStore extends FailingObjectStore {

		private volatile Optional<Runnable> beforePut = Optional.empty();

		SlowStore() {
			super(engine().store());
		}

		@Override
		public Checksum put(ObjectKey key, IncomingBytes bytes) throws IOException, ObjectTooLargeException {
			if (this.beforePut.isEmpty()) {
				return super.put(key, bytes);
			}
			byte[] all = bytes.stream().readAllBytes();
			this.beforePut.get().run();
			return super.put(key, IncomingBytes.of(new ByteArrayInputStream(all), bytes.limit()));
		}

	}

}
