package dev.stowage.api.resumable;

/**
 * Two lengths of one upload that the client gave differ. The message is for the client.
 */
final class InconsistentLengthException extends RuntimeException {

	InconsistentLengthException(String message) {
		super(message);
	}

}
