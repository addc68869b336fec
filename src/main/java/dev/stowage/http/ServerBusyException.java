package dev.stowage.http;

import java.util.concurrent.ThreadLocalRandom;

/**
 * The server, or the caller, has as many requests in progress as can be served at once.
 */
public final class ServerBusyException extends RuntimeException {

	public static final String CODE = "server_busy";

	private static final int MAX_SECONDS = 10;

	public ServerBusyException() {
		this("The server has too much to do. Please try again in a moment.");
	}

	private ServerBusyException(String message) {
		super(message);
	}

	/** There is room, but not for more requests of this caller. */
	public static ServerBusyException ofShare() {
		return new ServerBusyException(
				"You have too many requests in progress. Please try again when some of them have ended.");
	}

	/** Those who are refused together shall not come back together. */
	public int retryAfterSeconds() {
		return 1 + ThreadLocalRandom.current().nextInt(MAX_SECONDS);
	}

}
