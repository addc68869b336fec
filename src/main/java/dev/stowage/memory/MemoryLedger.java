package dev.stowage.memory;

import java.util.LinkedHashSet;
import java.util.Set;

import dev.stowage.memory.Reservation.State;

/**
 * Which reservation holds how many chunks of the upload memory, and in what state.
 * Guarded by the memory's lock.
 */
final class MemoryLedger {

	private final int capacity;

	private final Set<Reservation> holders = new LinkedHashSet<>();

	private int free;

	private int grantedToSlow;

	private int suspended;

	private int revoked;

	MemoryLedger(int capacity) {
		this.capacity = capacity;
		this.free = capacity;
	}

	int capacity() {
		return this.capacity;
	}

	/** The free chunks. */
	int free() {
		return this.free;
	}

	/** Chunks that will be free as soon as threads have noticed. */
	int revoked() {
		return this.revoked;
	}

	/** Reservations that are granted or suspended; the server waits for their clients. */
	Set<Reservation> holders() {
		return this.holders;
	}

	/** Whether a reservation may be granted, if it is the next in line. */
	boolean hasRoomFor(Reservation next) {
		return next.needed() <= this.free && excessOfSlow(next) <= 0;
	}

	/** By how many chunks slow clients would exceed their half of the memory. */
	int excessOfSlow(Reservation next) {
		return next.slow ? this.grantedToSlow + next.size - this.capacity / 2 : 0;
	}

	/**
	 * At most a quarter is held by uploads that must ask again; otherwise no upload could
	 * continue once all of them ask.
	 */
	boolean maySuspend(Reservation reservation) {
		return this.suspended + reservation.taken.size() <= this.capacity / 4;
	}

	/** Counts it as slow, if the half of the slow reservations has room for it. */
	void moveToSlowHalf(Reservation granted) {
		if (this.grantedToSlow + granted.size <= this.capacity / 2) {
			count(granted, -1);
			granted.slow = true;
			count(granted, 1);
		}
	}

	void become(Reservation reservation, State next) {
		count(reservation, -1);
		reservation.state = next;
		count(reservation, 1);
	}

	/** All chunks of a reservation that ends. */
	void close(Reservation reservation) {
		count(reservation, -1);
		reservation.state = State.CLOSED;
		reservation.taken.clear();
	}

	private void count(Reservation reservation, int sign) {
		int held = sign * reservation.held();
		this.free -= held;
		reservation.share.held += held;
		switch (reservation.state) {
			case GRANTED -> {
				this.grantedToSlow += reservation.slow ? held : 0;
				hold(reservation, sign);
			}
			case SUSPENDED -> {
				this.suspended += held;
				hold(reservation, sign);
			}
			case WAITING -> this.suspended += held;
			case REVOKED -> this.revoked += held;
			case FILLED, CLOSED -> {
				// counted above
			}
		}
	}

	private void hold(Reservation reservation, int sign) {
		if (sign > 0) {
			this.holders.add(reservation);
		}
		else {
			this.holders.remove(reservation);
		}
	}

}
