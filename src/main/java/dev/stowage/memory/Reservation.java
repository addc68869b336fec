package dev.stowage.memory;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;

/**
 * The right of a part to a number of chunks of the {@link UploadMemory}, of which some
 * are taken. It is used by one thread; its fields are guarded by the memory's lock.
 */
public final class Reservation implements AutoCloseable {

	final int size;

	final Uploader uploader;

	/** What the uploads of its sender hold together. */
	final Share share;

	final Condition turn;

	final List<byte[]> taken = new ArrayList<>();

	private final UploadMemory memory;

	State state = State.WAITING;

	/** The order of asking. */
	long ticket;

	/** Whether its client is one of the slow ones. */
	boolean slow;

	/** When it was granted. */
	long since;

	Reservation(UploadMemory memory, int size, Uploader uploader, Share share, Condition turn) {
		this.memory = memory;
		this.size = size;
		this.uploader = uploader;
		this.share = share;
		this.turn = turn;
		this.slow = uploader.speed().isSlow();
	}

	/**
	 * One more of the chunks; waits only where the client has stalled meanwhile.
	 * @throws RevokedException when the reservation was revoked
	 */
	public byte[] take() throws InterruptedException {
		return this.memory.take(this);
	}

	/**
	 * Leaves to others what was reserved and not taken.
	 * @throws RevokedException when the reservation was revoked
	 */
	public void filled() {
		this.memory.filled(this);
	}

	/** Whether the upload must end, because its client is too slow for those who wait. */
	public boolean isRevoked() {
		return this.memory.isRevoked(this);
	}

	/** Returns all memory. */
	@Override
	public void close() {
		this.memory.close(this);
	}

	/** How many chunks nobody else may have. */
	int held() {
		return (this.state == State.GRANTED) ? this.size : this.taken.size();
	}

	/** How many chunks it waits for. */
	int needed() {
		return this.size - held();
	}

	/** What it means to hold a reservation. */
	enum State {

		/** Waits for all of it, or for the rest after it was suspended. */
		WAITING,

		/** Holds all of it. */
		GRANTED,

		/** Holds what it has taken, and waits again when it needs more. */
		SUSPENDED,

		/** Holds what it has taken, and needs no more. */
		FILLED,

		/** Holds what it has taken until its thread has noticed. */
		REVOKED,

		/** Holds nothing any more. */
		CLOSED

	}

}
