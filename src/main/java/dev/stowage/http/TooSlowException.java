package dev.stowage.http;

import java.io.IOException;

/**
 * The client sends so slowly that it is not waited for any longer. A request has it as an
 * attribute of this class's name, so that nothing reads on.
 */
public final class TooSlowException extends IOException {

	TooSlowException() {
		super("The upload came too slowly for too long, and was given up: send it again over a faster connection.");
	}

}
