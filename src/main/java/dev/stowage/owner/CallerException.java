package dev.stowage.owner;

import org.springframework.security.core.AuthenticationException;

/** A request that does not say clearly who asks, or for whom. */
public class CallerException extends AuthenticationException {

	private final String code;

	private final String header;

	private CallerException(String code, String message, String header) {
		super(message);
		this.code = code;
		this.header = header;
	}

	/** Two different keys. */
	public static CallerException twoKeys() {
		return new CallerException("validation_error",
				"The request has two different API keys. Send one, in 'Authorization', 'x-api-key' or 'api-key'.",
				"Authorization");
	}

	/** A service key that acts for nobody known. */
	public static CallerException unknownProject() {
		return new CallerException("project_not_found",
				"The header 'OpenAI-Project' names no project of this server, or an archived one.", "OpenAI-Project");
	}

	public String code() {
		return this.code;
	}

	/** The header that is wrong. */
	public String header() {
		return this.header;
	}

}
