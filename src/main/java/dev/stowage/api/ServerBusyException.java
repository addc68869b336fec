package dev.stowage.api;

import java.util.concurrent.ThreadLocalRandom;

/** The server has as many requests in hand as it can serve at once. */
final class ServerBusyException extends RuntimeException {

	static final String CODE = "server_busy";

	private static final int MAX_SECONDS = 10;

	ServerBusyException() {
		super("The server has too much to do. Please try again in a moment.");
	}

	/** Those who are refused together shall not come back together. */
	int retryAfterSeconds() {
		return 1 + ThreadLocalRandom.current().nextInt(MAX_SECONDS);
	}

}
