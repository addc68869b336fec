package dev.stowage.http.limits;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * How many things each holder has in progress. Holders without any take no memory.
 *
 * @param <H> whom they are counted for
 */
final class InProgress<H> {

	private final Map<H, Integer> counts = new ConcurrentHashMap<>();

	/**
	 * Begins one, unless the holder has as many as it may have.
	 * @param most how many it may have; 0: any number
	 */
	boolean begin(H holder, int most) {
		AtomicBoolean begun = new AtomicBoolean();
		this.counts.compute(holder, (same, count) -> {
			int before = (count != null) ? count : 0;
			begun.set(most == 0 || before < most);
			int now = begun.get() ? before + 1 : before;
			return (now > 0) ? now : null;
		});
		return begun.get();
	}

	/** Ends one that has begun. */
	void end(H holder) {
		this.counts.computeIfPresent(holder, (same, count) -> (count > 1) ? count - 1 : null);
	}

	int of(H holder) {
		return this.counts.getOrDefault(holder, 0);
	}

}
