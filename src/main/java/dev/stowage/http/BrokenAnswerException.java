package dev.stowage.http;

import jakarta.servlet.ServletRequest;
import org.apache.coyote.CloseNowException;

/**
 * A started answer cannot be finished. The container closes the connection, so that the
 * client does not take the part for the whole.
 */
public class BrokenAnswerException extends CloseNowException {

	private static final String NOTED = BrokenAnswerException.class.getName();

	public BrokenAnswerException(String message, Throwable cause) {
		super(message, cause);
	}

	/**
	 * Notes that the client has left before the end of an answer, which fails nothing.
	 */
	public static void note(ServletRequest request) {
		request.setAttribute(NOTED, true);
	}

	/** Whether that was noted. */
	public static boolean isNoted(ServletRequest request) {
		return request.getAttribute(NOTED) != null;
	}

}
