package dev.stowage.http;

import org.apache.coyote.CloseNowException;

/**
 * A started answer cannot be finished. The container closes the connection, so that the
 * client does not take the part for the whole.
 */
public class BrokenAnswerException extends CloseNowException {

	public BrokenAnswerException(String message, Throwable cause) {
		super(message, cause);
	}

}
