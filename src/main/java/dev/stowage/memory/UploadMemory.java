package dev.stowage.memory;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import dev.stowage.memory.Reservation.State;

/**
 * The memory that uploads share, in chunks that are allocated when first needed and then
 * reused. A part reserves all the chunks that it may need together, and takes them as its
 * bytes arrive. An upload with a reservation can therefore continue to the end of the
 * part, and no upload waits for one that is itself waiting.
 * <p>
 * The sender that holds the least is served first. Slow clients never reserve more than
 * half of the memory. While others wait, slow clients lose memory as {@link SlowHolders}
 * describes.
 */
public class UploadMemory {

	public static final int CHUNK_SIZE = 64 * 1024;

	private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

	private final ReentrantLock lock = new ReentrantLock();

	private final LongSupplier nanoTime;

	private final MemoryLedger ledger;

	private final SlowHolders slowHolders;

	private final Deque<byte[]> spare = new ArrayDeque<>();

	private final WaitingLine line;

	private final Map<String, Share> shares = new HashMap<>();

	private final long pause;

	public UploadMemory(int chunks) {
		this(chunks, System::nanoTime, SECOND);
	}

	/** A memory whose waiting uploads look at the clock after each pause. */
	UploadMemory(int chunks, LongSupplier nanoTime, long pause) {
		this.nanoTime = nanoTime;
		this.ledger = new MemoryLedger(chunks);
		this.line = new WaitingLine(this.ledger);
		this.slowHolders = new SlowHolders(this.ledger, nanoTime.getAsLong());
		this.pause = pause;
	}

	/** An eighth of the heap, at least 32 MiB and at most 512. */
	public static UploadMemory forThisHeap() {
		long bytes = Math.clamp(Runtime.getRuntime().maxMemory() / 8, 32L << 20, 512L << 20);
		return new UploadMemory((int) (bytes / CHUNK_SIZE));
	}

	/** How many chunks there are at most. */
	public int capacity() {
		return this.ledger.capacity();
	}

	/**
	 * The most chunks that one reservation may have, so that every upload gets a turn.
	 */
	public int largestReservation() {
		return this.ledger.capacity() / 4;
	}

	/** How many chunks are free. */
	public int available() {
		return locked(this.ledger::free);
	}

	/** How many uploads wait. */
	public int waiting() {
		return locked(this.line::size);
	}

	/** How many senders hold memory or wait for it. */
	int senders() {
		return locked(this.shares::size);
	}

	private <T> T locked(Supplier<T> look) {
		this.lock.lock();
		try {
			return look.get();
		}
		finally {
			this.lock.unlock();
		}
	}

	private void change(Runnable change) {
		locked(() -> {
			change.run();
			return true;
		});
	}

	/** Measures a client by the clock of this memory. */
	public ClientSpeed newSpeed() {
		return new ClientSpeed(this.nanoTime);
	}

	/** Waits for the right to a number of chunks. */
	public Reservation reserve(int chunks, Uploader uploader) throws InterruptedException {
		if (chunks > largestReservation()) {
			throw new IllegalArgumentException(chunks + " chunks of " + capacity());
		}
		this.lock.lockInterruptibly();
		try {
			Share share = this.shares.computeIfAbsent(uploader.sender(), Share::new);
			share.reservations++;
			Reservation reservation = new Held(chunks, uploader, share);
			try {
				await(reservation);
			}
			catch (InterruptedException ex) {
				release(reservation);
				throw ex;
			}
			return reservation;
		}
		finally {
			this.lock.unlock();
		}
	}

	private void release(Reservation reservation) {
		if (reservation.state == State.CLOSED) {
			return;
		}
		this.spare.addAll(reservation.taken);
		this.ledger.close(reservation);
		if (--reservation.share.reservations == 0) {
			this.shares.remove(reservation.share.sender);
		}
		serve();
	}

	private void await(Reservation reservation) throws InterruptedException {
		this.line.add(reservation);
		try {
			serve();
			while (reservation.state != State.GRANTED) {
				reservation.turn.awaitNanos(this.pause);
				reclaim();
			}
		}
		finally {
			this.line.remove(reservation);
		}
	}

	private void serve() {
		Optional<Reservation> next = this.line.next().filter(this.ledger::hasRoomFor);
		while (next.isPresent()) {
			Reservation served = next.get();
			this.line.remove(served);
			this.ledger.become(served, State.GRANTED);
			served.since = this.nanoTime.getAsLong();
			served.turn.signal();
			next = this.line.next().filter(this.ledger::hasRoomFor);
		}
	}

	/** Checks the slow clients once a second while uploads wait. */
	private void reclaim() {
		long now = this.nanoTime.getAsLong();
		if (this.line.size() == 0 || !this.slowHolders.areDue(now)) {
			return;
		}
		this.slowHolders.look(now, this.line.hasSlow());
		serve();
		this.line.next().ifPresent((first) -> revoke(this.slowHolders.toEndFor(first, now)));
		this.line.nextOfFullHalf().ifPresent((first) -> revoke(this.slowHolders.toEndFor(first, now)));
		serve();
	}

	/**
	 * Taken chunks become free when the upload's thread, which may be waiting for the
	 * client, ends.
	 */
	private void revoke(List<Reservation> slow) {
		for (Reservation reservation : slow) {
			this.ledger.become(reservation, State.REVOKED);
			// outside the lock
			Thread.ofVirtual().start(reservation.uploader.cancel());
		}
	}

	/** A reservation of this memory. */
	private final class Held extends Reservation {

		private Held(int size, Uploader uploader, Share share) {
			super(size, uploader, share, UploadMemory.this.lock.newCondition());
		}

		@Override
		public byte[] take() throws InterruptedException {
			UploadMemory.this.lock.lockInterruptibly();
			try {
				requireNotRevoked();
				if (this.state == State.SUSPENDED) {
					this.slow = true;
					UploadMemory.this.ledger.become(this, State.WAITING);
					UploadMemory.this.await(this);
				}
				byte[] chunk = UploadMemory.this.spare.poll();
				this.taken.add((chunk != null) ? chunk : new byte[CHUNK_SIZE]);
				return this.taken.getLast();
			}
			finally {
				UploadMemory.this.lock.unlock();
			}
		}

		@Override
		public void filled() {
			change(() -> {
				requireNotRevoked();
				UploadMemory.this.ledger.become(this, State.FILLED);
				serve();
			});
		}

		@Override
		public boolean isRevoked() {
			return locked(() -> this.state == State.REVOKED);
		}

		@Override
		public void close() {
			change(() -> release(this));
		}

	}

}
