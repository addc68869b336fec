package dev.stowage.api;

import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;

/** A request that cannot be served as it was sent; the message is for the client. */
public final class RequestException extends RuntimeException {

	private final HttpStatus status;

	private final String code;

	private final @Nullable String param;

	private final HttpHeaders headers = new HttpHeaders();

	public RequestException(HttpStatus status, String code, @Nullable String param, String message) {
		super(message);
		this.status = status;
		this.code = code;
		this.param = param;
	}

	/** A value that is missing or wrong. */
	public static RequestException invalid(@Nullable String param, String message) {
		return new RequestException(HttpStatus.BAD_REQUEST, "validation_error", param, message);
	}

	/** The same, with a header for its answer. */
	public RequestException with(String header, String value) {
		this.headers.set(header, value);
		return this;
	}

	/** Headers of the answer. */
	public HttpHeaders headers() {
		return this.headers;
	}

	public HttpStatus status() {
		return this.status;
	}

	/** The one word for this failure. */
	public String code() {
		return this.code;
	}

	/** The parameter that is wrong, if it is one. */
	public @Nullable String param() {
		return this.param;
	}

	public String text() {
		return String.valueOf(getMessage());
	}

}
