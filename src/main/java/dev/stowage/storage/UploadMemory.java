package dev.stowage.storage;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

import dev.stowage.storage.Claim.State;

/**
 * The memory that uploads share, in chunks that are made when first needed and used
 * again. A part claims at once all the chunks that it may come to need, and takes them as
 * its bytes come; so whoever holds some can go on to the end of the part, and nobody
 * waits for somebody who waits.
 * <p>
 * Claims are served in the order of asking, but slow clients never claim more than half
 * of the memory. Who stalls with a claim in hand loses what is not yet taken of it to
 * those who wait, and stands in line for it again when more bytes come.
 */
class UploadMemory {

	static final int CHUNK_SIZE = 64 * 1024;

	private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

	/** After so long a slow client gives others their turn. */
	private static final long TURN = 30 * SECOND;

	private final ReentrantLock lock = new ReentrantLock();

	private final int capacity;

	private final LongSupplier nanoTime;

	private final Deque<byte[]> spare = new ArrayDeque<>();

	private final Deque<Claim> line = new ArrayDeque<>();

	private final Deque<Claim> slowLine = new ArrayDeque<>();

	private final Set<Claim> granted = new LinkedHashSet<>();

	private int free;

	private int heldBySlow;

	private int heldBySuspended;

	private long tickets;

	private long lookedAt;

	UploadMemory(int chunks) {
		this(chunks, System::nanoTime);
	}

	UploadMemory(int chunks, LongSupplier nanoTime) {
		this.capacity = chunks;
		this.free = chunks;
		this.nanoTime = nanoTime;
		this.lookedAt = nanoTime.getAsLong();
	}

	/** An eighth of the heap, at least 32 MiB and at most 512. */
	static UploadMemory forThisHeap() {
		long bytes = Math.clamp(Runtime.getRuntime().maxMemory() / 8, 32L << 20, 512L << 20);
		return new UploadMemory((int) (bytes / CHUNK_SIZE));
	}

	/** How many chunks there are at most. */
	int capacity() {
		return this.capacity;
	}

	/** The most chunks that one claim may have, so that every claim gets its turn. */
	int largestClaim() {
		return this.capacity / 4;
	}

	/** How many chunks nobody holds. */
	int available() {
		return locked(() -> this.free);
	}

	/** How many claims stand in line. */
	int waiting() {
		return locked(() -> this.line.size() + this.slowLine.size());
	}

	private int locked(IntSupplier count) {
		this.lock.lock();
		try {
			return count.getAsInt();
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Nanoseconds, by the clock of this memory. */
	long now() {
		return this.nanoTime.getAsLong();
	}

	/**
	 * Waits for the right to so many chunks.
	 * @param slow whether the client was slow so far
	 */
	Claim claim(int chunks, boolean slow) throws InterruptedException {
		if (chunks > largestClaim()) {
			throw new IllegalArgumentException(chunks + " chunks of " + this.capacity);
		}
		this.lock.lockInterruptibly();
		try {
			Claim claim = new Claim(this, chunks, slow, this.tickets++, this.lock.newCondition());
			standInLine(claim);
			return claim;
		}
		finally {
			this.lock.unlock();
		}
	}

	byte[] take(Claim claim) throws InterruptedException {
		this.lock.lockInterruptibly();
		try {
			if (claim.state == State.SUSPENDED) {
				claim.slow = true;
				standInLine(claim);
			}
			byte[] chunk = this.spare.poll();
			claim.taken.add((chunk != null) ? chunk : new byte[CHUNK_SIZE]);
			return claim.taken.getLast();
		}
		finally {
			this.lock.unlock();
		}
	}

	void end(Claim claim, State end) {
		this.lock.lock();
		try {
			become(claim, end);
			if (end == State.CLOSED) {
				this.spare.addAll(claim.taken);
				claim.taken.clear();
			}
			serve();
		}
		finally {
			this.lock.unlock();
		}
	}

	private void standInLine(Claim claim) throws InterruptedException {
		Deque<Claim> own = lineOf(claim);
		own.addLast(claim);
		serve();
		try {
			while (claim.state != State.GRANTED) {
				claim.turn.awaitNanos(SECOND);
				suspendStalled();
			}
		}
		catch (InterruptedException ex) {
			own.remove(claim);
			if (claim.taken.isEmpty()) {
				become(claim, State.CLOSED);
			}
			serve();
			throw ex;
		}
	}

	private Deque<Claim> lineOf(Claim claim) {
		return claim.slow ? this.slowLine : this.line;
	}

	private void serve() {
		Optional<Claim> next = next();
		while (next.isPresent() && next.get().size - next.get().held() <= this.free) {
			Claim claim = next.get();
			lineOf(claim).removeFirst();
			become(claim, State.GRANTED);
			claim.since = now();
			claim.turn.signal();
			next = next();
		}
	}

	private Optional<Claim> next() {
		Optional<Claim> first = Optional.ofNullable(this.line.peekFirst());
		return Optional.ofNullable(this.slowLine.peekFirst())
			.filter((slow) -> this.heldBySlow + slow.size <= this.capacity / 2)
			.filter((slow) -> first.isEmpty() || slow.ticket < first.get().ticket)
			.or(() -> first);
	}

	/** Never more than a quarter is held by who may stand in line, or all might do so. */
	private void suspendStalled() {
		if (now() - this.lookedAt < SECOND) {
			return;
		}
		this.lookedAt = now();
		for (Claim claim : List.copyOf(this.granted)) {
			if (isStalled(claim) && this.heldBySuspended + claim.taken.size() <= this.capacity / 4) {
				become(claim, State.SUSPENDED);
			}
		}
		serve();
	}

	private boolean isStalled(Claim claim) {
		long nanos = now() - claim.since;
		if (claim.slow) {
			return !this.slowLine.isEmpty() && nanos > TURN;
		}
		return nanos > SECOND && Pace.isSlow((long) claim.taken.size() * CHUNK_SIZE, nanos);
	}

	private void become(Claim claim, State next) {
		count(claim, -1);
		claim.state = next;
		count(claim, 1);
	}

	private void count(Claim claim, int sign) {
		int held = sign * claim.held();
		this.free -= held;
		if (claim.state == State.SUSPENDED) {
			this.heldBySuspended += held;
		}
		if (claim.state == State.GRANTED) {
			this.heldBySlow += claim.slow ? held : 0;
			if (sign > 0) {
				this.granted.add(claim);
			}
			else {
				this.granted.remove(claim);
			}
		}
	}

}
