package dev.stowage.storage;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;

/**
 * The right of a part to a number of chunks of the {@link UploadMemory}, of which some
 * are taken. It is used by one thread; its fields are guarded by the memory's lock.
 */
final class Claim implements AutoCloseable {

	final int size;

	final long ticket;

	final Condition turn;

	final List<byte[]> taken = new ArrayList<>();

	private final UploadMemory memory;

	State state = State.NEW;

	/** Whether its client is slow. */
	boolean slow;

	/** When it was granted. */
	long since;

	Claim(UploadMemory memory, int size, boolean slow, long ticket, Condition turn) {
		this.memory = memory;
		this.size = size;
		this.slow = slow;
		this.ticket = ticket;
		this.turn = turn;
	}

	/** One more of the chunks; waits only where the client has stalled meanwhile. */
	byte[] take() throws InterruptedException {
		return this.memory.take(this);
	}

	/** Leaves to others what was claimed and not taken. */
	void filled() {
		this.memory.end(this, State.FILLED);
	}

	/** Gives everything back. */
	@Override
	public void close() {
		this.memory.end(this, State.CLOSED);
	}

	/** How many chunks nobody else may have. */
	int held() {
		return switch (this.state) {
			case NEW, CLOSED -> 0;
			case GRANTED -> this.size;
			case SUSPENDED, FILLED -> this.taken.size();
		};
	}

	/** What it means to hold a claim. */
	enum State {

		/** Holds nothing yet. */
		NEW,

		/** Holds all that it claimed. */
		GRANTED,

		/** Holds what it has taken, and stands in line again when it needs more. */
		SUSPENDED,

		/** Holds what it has taken, and needs no more. */
		FILLED,

		/** Holds nothing any more. */
		CLOSED

	}

}
