package dev.stowage.api;

/** The server has as many requests in hand as it can serve at once. */
final class ServerBusyException extends RuntimeException {

	ServerBusyException() {
		super("The server has too much to do. Please try again in a moment.");
	}

}
