package dev.stowage.storage.embedded;

import java.time.Duration;

/**
 * What clients of signed URLs may use of the embedded store.
 *
 * @param requests how many of their requests are served at the same time
 * @param turn how long one more request may wait for its turn
 * @param connections how many connections may wait for their next request
 * @param headers how long a connection may take for the headers of its next request
 * @param stop how long requests may continue when the store stops
 */
record EmbeddedLimits(int requests, Duration turn, int connections, Duration headers, Duration stop) {

	private static final int HEAP_PER_REQUEST = 256 * 1024;

	private static final int HEAP_PER_CONNECTION = 128 * 1024;

	/** One URL can take only a small share of the places. */
	private static final int SHARES = 8;

	/** Readers leave a quarter. */
	private static final int READERS_LEAVE = 4;

	/** How many requests for one object are served at the same time. */
	int requestsPerObject() {
		return Math.max(1, this.requests / SHARES);
	}

	/**
	 * Readers may be silent for long, so uploads have places that readers cannot take.
	 */
	int readers() {
		return this.requests - this.requests / READERS_LEAVE;
	}

	static EmbeddedLimits forThisHeap() {
		long heap = Runtime.getRuntime().maxMemory();
		return new EmbeddedLimits((int) (heap / HEAP_PER_REQUEST), Duration.ofSeconds(10),
				(int) (heap / HEAP_PER_CONNECTION), Duration.ofSeconds(30), Duration.ofSeconds(30));
	}

}
