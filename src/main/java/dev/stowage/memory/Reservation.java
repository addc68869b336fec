package dev.stowage.memory;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;

/**
 * The right of a part to a number of chunks of the upload memory, some of which are
 * taken. One thread uses it; the memory's lock guards its fields.
 */
public abstract class Reservation implements AutoCloseable {

	final int size;

	final Uploader uploader;

	/** What the uploads of its sender hold together. */
	final Share share;

	final Condition turn;

	final List<byte[]> taken = new ArrayList<>();

	State state = State.WAITING;

	/** The order in which reservations were requested. */
	long ticket;

	/** Whether its client counts as slow. */
	boolean slow;

	/** When it was granted. */
	long since;

	Reservation(int size, Uploader uploader, Share share, Condition turn) {
		this.size = size;
		this.uploader = uploader;
		this.share = share;
		this.turn = turn;
		this.slow = uploader.speed().isSlow();
	}

	/**
	 * Takes one more chunk. Waits only if the reservation was suspended because the
	 * client had stalled.
	 * @throws RevokedException when the reservation was revoked
	 */
	public abstract byte[] take() throws InterruptedException;

	/**
	 * Releases what was reserved and not taken.
	 * @throws RevokedException when the reservation was revoked
	 */
	public abstract void filled();

	/** Whether the upload must end because its client is slow and other uploads wait. */
	public abstract boolean isRevoked();

	/** Returns all memory. */
	@Override
	public abstract void close();

	void requireNotRevoked() {
		if (this.state == State.REVOKED) {
			throw new RevokedException();
		}
	}

	/** How many chunks are set aside for it. */
	int held() {
		return (this.state == State.GRANTED) ? this.size : this.taken.size();
	}

	/** How many chunks it waits for. */
	int needed() {
		return this.size - held();
	}

	/** The state of a reservation. */
	enum State {

		/** Waits for all of it, or for the rest after it was suspended. */
		WAITING,

		/** Holds all of it. */
		GRANTED,

		/** Holds what it has taken, and waits again when it needs more. */
		SUSPENDED,

		/** Holds what it has taken, and needs no more chunks. */
		FILLED,

		/** Holds what it has taken until its thread notices the end. */
		REVOKED,

		/** Holds nothing. */
		CLOSED

	}

}
