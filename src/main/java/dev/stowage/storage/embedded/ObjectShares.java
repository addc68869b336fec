package dev.stowage.storage.embedded;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Limits how many requests for one object are served at the same time. */
final class ObjectShares {

	private final Map<String, Integer> taken = new ConcurrentHashMap<>();

	private final int most;

	ObjectShares(int most) {
		this.most = most;
	}

	/** Takes a place, which must be returned; false if the object has none left. */
	boolean take(String object) {
		if (this.taken.merge(object, 1, Integer::sum) > this.most) {
			giveBack(object);
			return false;
		}
		return true;
	}

	void giveBack(String object) {
		this.taken.computeIfPresent(object, (same, count) -> (count > 1) ? count - 1 : null);
	}

}
