package dev.stowage.http;

import org.apache.coyote.CloseNowException;

/**
 * An answer that has begun cannot be finished. The container drops the connection, so its
 * client cannot take half for the whole.
 */
public class BrokenAnswerException extends CloseNowException {

	public BrokenAnswerException(String message, Throwable cause) {
		super(message, cause);
	}

}
