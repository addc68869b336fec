package dev.stowage.http.overload;

import java.util.HashMap;
import java.util.Map;

/**
 * A number of places of which no holder gets all. With a share of 90 percent, a single
 * holder gets up to nine tenths, and two get nine nineteenths each. However many places
 * one holder has, a holder without any always finds one.
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

	/** Takes a place, if one is free and the holder has less than its share. */
	synchronized boolean take(Object holder) {
		long own = this.held.getOrDefault(holder, 0);
		return own * (ALL - this.percent) < (long) this.free * this.percent && takeAny(holder);
	}

	/** Takes a place, if one is free, regardless of the holder's share. */
	synchronized boolean takeAny(Object holder) {
		if (this.free == 0) {
			return false;
		}
		this.free--;
		this.held.merge(holder, 1, Integer::sum);
		return true;
	}

	/** Returns a place. */
	synchronized void leave(Object holder) {
		this.free++;
		this.held.computeIfPresent(holder, (same, own) -> (own > 1) ? own - 1 : null);
	}

	synchronized int free() {
		return this.free;
	}

}
