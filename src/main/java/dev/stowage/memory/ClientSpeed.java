package dev.stowage.memory;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * How fast a client sends. Only time spent waiting for the client counts, so a client is
 * not blamed for the time that the server or the store takes. Time waited more than a few
 * seconds ago is forgotten. One thread reads from the client and reports it here; any
 * thread may ask.
 */
public final class ClientSpeed {

	/** A client that sends fewer bytes per second is slow. */
	static final long SLOW = 1024 * 1024;

	/** A client that sends fewer bytes per second has stalled. */
	static final long STALLED = 8 * 1024;

	private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

	/** Earlier, the first packets of a fast client look like those of a slow one. */
	private static final long GRACE = SECOND / 2;

	/** The measured waiting time, in slots of a second. */
	private static final int SPAN = 5;

	private final LongSupplier nanoTime;

	private final long[] waited = new long[SPAN + 1];

	private final long[] bytes = new long[SPAN + 1];

	private int slot;

	private boolean waiting;

	private long since;

	ClientSpeed(LongSupplier nanoTime) {
		this.nanoTime = nanoTime;
	}

	/** A wait for the client begins. */
	public synchronized void await() {
		this.since = this.nanoTime.getAsLong();
		this.waiting = true;
	}

	/** The wait is over. */
	public synchronized void received(int count) {
		this.waiting = false;
		this.waited[this.slot] += this.nanoTime.getAsLong() - this.since;
		this.bytes[this.slot] += Math.max(count, 0);
		if (this.waited[this.slot] >= SECOND) {
			this.slot = (this.slot + 1) % this.waited.length;
			this.waited[this.slot] = 0;
			this.bytes[this.slot] = 0;
		}
	}

	/** Whether the client was slow, perhaps for a moment only. */
	boolean isSlow() {
		return isBelow(SLOW, GRACE);
	}

	/** Whether the client has been slow for seconds. */
	boolean isSlowForLong() {
		return isBelow(SLOW, SPAN * SECOND);
	}

	/** Whether the client has sent almost nothing for seconds. */
	boolean isStalled() {
		return isBelow(STALLED, SPAN * SECOND);
	}

	private synchronized boolean isBelow(long bytesPerSecond, long atLeast) {
		long time = this.waiting ? this.nanoTime.getAsLong() - this.since : 0;
		long sum = 0;
		for (int age = 0; age < this.waited.length && time < SPAN * SECOND; age++) {
			int past = Math.floorMod(this.slot - age, this.waited.length);
			time += this.waited[past];
			sum += this.bytes[past];
		}
		return time >= atLeast && sum < (double) bytesPerSecond * time / SECOND;
	}

}
