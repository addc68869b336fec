package dev.stowage.http;

import java.io.IOException;

/**
 * The client sent too slowly, so the server stopped waiting for it.
 */
public final class TooSlowException extends IOException {

	TooSlowException() {
		super("The upload was too slow and was cancelled. Please try again over a faster connection.");
	}

}
