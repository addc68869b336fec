package dev.stowage.http.overload;

import dev.stowage.http.HttpProperties;

/**
 * How much the server takes on at once, so that no crowd makes it run out of memory.
 *
 * @param requests how many are served; more are refused
 * @param connections how many are open; more are told so, and closed
 */
record Capacity(int requests, int connections) {

	/** The buffers of a connection, of a form's reader and of a file's first bytes. */
	private static final int HEAP_PER_REQUEST = 256 * 1024;

	/** Room for refusals and open pages, beside an eighth of what is served. */
	private static final int ROOM = 8;

	static Capacity of(HttpProperties properties) {
		int requests = (properties.maxRequests() > 0) ? properties.maxRequests()
				: (int) (Runtime.getRuntime().maxMemory() / HEAP_PER_REQUEST);
		return new Capacity(requests, requests + requests / 8 + ROOM);
	}

	/** How many are served to those without a key, and how many are refused at a time. */
	int strangers() {
		return this.connections - this.requests;
	}

}
