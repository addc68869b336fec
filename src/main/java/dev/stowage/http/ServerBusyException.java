package dev.stowage.http;

import java.util.concurrent.ThreadLocalRandom;

/**
 * The server, or the caller, has as many requests in progress as are served at the same
 * time.
 */
public final class ServerBusyException extends RuntimeException {

	public static final String CODE = "server_busy";

	private static final int MAX_SECONDS = 10;

	public ServerBusyException() {
		this("The server is busy. Please try again in a moment.");
	}

	private ServerBusyException(String message) {
		super(message);
	}

	/** The server has room, but this caller has used its share. */
	public static ServerBusyException ofShare() {
		return new ServerBusyException(
				"You have too many requests in progress. Please try again when some of them have ended.");
	}

	/** Random, so that clients refused together do not return together. */
	public int retryAfterSeconds() {
		return 1 + ThreadLocalRandom.current().nextInt(MAX_SECONDS);
	}

}
