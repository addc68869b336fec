package dev.stowage.owner;

/**
 * How much one owner may ask of one instance of the server.
 *
 * @param requestsPerMinute how many requests; 0: any number
 * @param uploadsAtOnce how many requests that send bytes, at the same time; 0: any number
 */
public record Limits(int requestsPerMinute, int uploadsAtOnce) {

	/** More than any server serves. */
	public static final int MOST = 10_000_000;

	public Limits {
		if (requestsPerMinute < 0 || requestsPerMinute > MOST || uploadsAtOnce < 0 || uploadsAtOnce > MOST) {
			throw new IllegalArgumentException("A limit is 0 to " + MOST);
		}
	}

}
