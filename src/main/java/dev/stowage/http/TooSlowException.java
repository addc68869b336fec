package dev.stowage.http;

import java.io.IOException;

/**
 * The client sends so slowly that the server waits for it no longer.
 */
public final class TooSlowException extends IOException {

	TooSlowException() {
		super("The upload was too slow and was cancelled. Please try again over a faster connection.");
	}

}
