package dev.stowage.http.overload;

import dev.stowage.http.HttpProperties;

/**
 * How much the server serves at the same time, so that no number of clients exhausts its
 * memory.
 *
 * @param requests how many are served; further ones are refused
 * @param connections how many are open; further ones are answered with 503 and closed
 */
public record Capacity(int requests, int connections) {

	/** The buffers of a connection, of a form's reader and of a file's first bytes. */
	private static final int HEAP_PER_REQUEST = 256 * 1024;

	/** Room for refusals and open pages, in addition to an eighth of what is served. */
	private static final int ROOM = 8;

	public static Capacity of(HttpProperties properties) {
		int requests = (properties.maxRequests() > 0) ? properties.maxRequests()
				: (int) (Runtime.getRuntime().maxMemory() / HEAP_PER_REQUEST);
		return new Capacity(requests, requests + requests / 8 + ROOM);
	}

	/**
	 * How many requests without a key are served, and how many bodies of refused requests
	 * are read, at the same time.
	 */
	public int strangers() {
		return this.connections - this.requests;
	}

}
