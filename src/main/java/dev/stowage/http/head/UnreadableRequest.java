package dev.stowage.http.head;

import java.util.Locale;

import dev.stowage.http.ContainerProblem;
import dev.stowage.http.Problem;
import dev.stowage.http.ServerBusyException;

import org.springframework.http.HttpStatus;

/** Why a request is refused before any filter sees it. */
public enum UnreadableRequest {

	REQUEST(HttpStatus.BAD_REQUEST, "malformed_request",
			"The request line or a header is malformed. Characters that a URL or a header may not hold must be encoded."),

	HOST(HttpStatus.BAD_REQUEST, "invalid_host",
			"The request must have exactly one Host header, which holds a name or an address, and optionally a port."),

	FRAMING(HttpStatus.BAD_REQUEST, "malformed_request",
			"The length of the body is not clear. Send one Content-Length, or Transfer-Encoding: chunked."),

	URL_TOO_LONG(HttpStatus.URI_TOO_LONG, "url_too_long", "The URL is longer than the server accepts."),

	HEADERS_TOO_LARGE(HttpStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "headers_too_large",
			"The headers of the request are larger or more than the server accepts."),

	EXPECTATION(HttpStatus.EXPECTATION_FAILED, "expectation_failed",
			"The only Expect header that the server knows is 100-continue."),

	METHOD(HttpStatus.METHOD_NOT_ALLOWED, "method_not_allowed", "The methods TRACE and CONNECT are not allowed."),

	TRANSFER_ENCODING(HttpStatus.NOT_IMPLEMENTED, "not_implemented",
			"The only Transfer-Encoding that the server knows is chunked."),

	VERSION(HttpStatus.HTTP_VERSION_NOT_SUPPORTED, "http_version_not_supported",
			"The server speaks HTTP/1.1 and no other major version."),

	STOPPING(HttpStatus.SERVICE_UNAVAILABLE, ServerBusyException.CODE,
			"The server is stopping. Please send the request again."),

	FAILURE(HttpStatus.INTERNAL_SERVER_ERROR, "internal_server_error", ContainerProblem.INTERNAL);

	/** The attribute of a request that holds the reason. */
	public static final String ATTRIBUTE = UnreadableRequest.class.getName();

	private final HttpStatus status;

	private final String code;

	private final String message;

	UnreadableRequest(HttpStatus status, String code, String message) {
		this.status = status;
		this.code = code;
		this.message = message;
	}

	public HttpStatus status() {
		return this.status;
	}

	public String code() {
		return this.code;
	}

	/** A name for logs. */
	public String reason() {
		return name().toLowerCase(Locale.ROOT).replace('_', ' ');
	}

	/** The body of the answer. */
	public Problem problem(String requestId) {
		return Problem.of(this.status, this.code, this.message, null, requestId);
	}

}
