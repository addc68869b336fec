package dev.stowage.http.limits;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

import dev.stowage.http.ClientAddress;

/**
 * Counts the wrong keys that came from each address within a minute. It remembers a
 * limited number of addresses: those that sent one most recently.
 */
final class WrongKeys {

	/** How many are answered immediately. */
	static final int FREE = 20;

	static final int MOST_ADDRESSES = 10_000;

	private static final long MINUTE = Duration.ofMinutes(1).toNanos();

	private static final Duration SHORTEST = Duration.ofMillis(250);

	/** Each pause is twice as long as the one before, up to 4 s. */
	private static final int MOST_DOUBLINGS = 4;

	private final LongSupplier nanoTime;

	private final Map<ClientAddress, Tally> tallies = new LinkedHashMap<>(16, 0.75f, true) {

		@Override
		protected boolean removeEldestEntry(Map.Entry<ClientAddress, Tally> eldest) {
			return size() > MOST_ADDRESSES;
		}

	};

	WrongKeys(LongSupplier nanoTime) {
		this.nanoTime = nanoTime;
	}

	/**
	 * Counts one.
	 * @return how long its answer should wait; zero for the first ones of a minute
	 */
	synchronized Duration count(ClientAddress address) {
		int count = this.tallies.computeIfAbsent(address, (added) -> new Tally(this.nanoTime.getAsLong()))
			.count(this.nanoTime.getAsLong());
		return (count <= FREE) ? Duration.ZERO
				: SHORTEST.multipliedBy(1L << Math.min(count - FREE - 1, MOST_DOUBLINGS));
	}

	synchronized int addresses() {
		return this.tallies.size();
	}

	/** What came from one address since a minute began. */
	private static final class Tally {

		private long began;

		private int count;

		Tally(long now) {
			this.began = now;
		}

		/** What was too many in one minute counts in the next. */
		int count(long now) {
			long passed = now - this.began;
			if (passed >= MINUTE) {
				this.count = (passed < 2 * MINUTE) ? Math.max(0, this.count - FREE) : 0;
				this.began = now;
			}
			this.count = Math.min(this.count + 1, 2 * FREE);
			return this.count;
		}

	}

}
