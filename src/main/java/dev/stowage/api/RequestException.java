package dev.stowage.api;

import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatus;

/** A request that cannot be served as it was sent; the message is for the client. */
final class RequestException extends RuntimeException {

	private final HttpStatus status;

	private final String code;

	private final @Nullable String param;

	RequestException(HttpStatus status, String code, @Nullable String param, String message) {
		super(message);
		this.status = status;
		this.code = code;
		this.param = param;
	}

	/** A value that is missing or wrong. */
	static RequestException invalid(@Nullable String param, String message) {
		return new RequestException(HttpStatus.BAD_REQUEST, "validation_error", param, message);
	}

	HttpStatus status() {
		return this.status;
	}

	String code() {
		return this.code;
	}

	@Nullable String param() {
		return this.param;
	}

	String text() {
		return String.valueOf(getMessage());
	}

}
