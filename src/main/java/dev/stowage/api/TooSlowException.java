package dev.stowage.api;

import java.io.IOException;

/** The client sends so slowly that it is not waited for any longer. */
final class TooSlowException extends IOException {

	TooSlowException() {
		super("The upload came too slowly for too long, and was given up: send it again over a faster connection.");
	}

}
