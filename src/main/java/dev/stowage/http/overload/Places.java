package dev.stowage.http.overload;

import java.util.HashMap;
import java.util.Map;

/**
 * A number of places of which no holder gets all. With a share of 90 percent, a holder
 * that is alone gets up to nine tenths, two get nine nineteenths each: however many
 * places one holder has, somebody who has none finds one.
 */
final class Places {

	private static final int ALL = 100;

	private final Map<Object, Integer> held = new HashMap<>();

	private final int percent;

	private int free;

	Places(int count, int percent) {
		this.free = count;
		this.percent = percent;
	}

	/** Takes one, if there is one and the holder has not got its share. */
	synchronized boolean take(Object holder) {
		long own = this.held.getOrDefault(holder, 0);
		return own * (ALL - this.percent) < (long) this.free * this.percent && takeAny(holder);
	}

	/** Takes one, if there is one, whatever the holder has. */
	synchronized boolean takeAny(Object holder) {
		if (this.free == 0) {
			return false;
		}
		this.free--;
		this.held.merge(holder, 1, Integer::sum);
		return true;
	}

	/** Gives one back that was taken. */
	synchronized void leave(Object holder) {
		this.free++;
		this.held.computeIfPresent(holder, (same, own) -> (own > 1) ? own - 1 : null);
	}

	synchronized int free() {
		return this.free;
	}

}
