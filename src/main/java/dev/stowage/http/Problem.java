package dev.stowage.http;

import java.util.Map;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;

/**
 * The one error body: RFC 9457 problem details that carry OpenAI's {@code error} object.
 *
 * @param code one stable word per failure
 * @param members what the type of the problem adds
 */
public record Problem(String type, String title, int status, String detail, String code, Cause error,
		@JsonProperty("request_id") String requestId, @JsonAnyGetter Map<String, Long> members) {

	/** The code of a full quota, which families of clients get as different statuses. */
	public static final String INSUFFICIENT_QUOTA = "insufficient_quota";

	public static Problem of(HttpStatusCode status, String code, String message, @Nullable String param,
			String requestId) {
		HttpStatus known = HttpStatus.resolve(status.value());
		String title = (known != null) ? known.getReasonPhrase() : "Error";
		String type = status.is5xxServerError() ? "server_error" : "invalid_request_error";
		return new Problem("about:blank", title, status.value(), message, code, new Cause(message, type, param, null),
				requestId, Map.of());
	}

	/** The same with a code that OpenAI's SDKs read, too. */
	public Problem withErrorCode(String errorCode) {
		return withError(this.error.type(), errorCode);
	}

	/** The same with a type and a code that OpenAI's SDKs read. */
	public Problem withError(String errorType, String errorCode) {
		return new Problem(this.type, this.title, this.status, this.detail, this.code,
				new Cause(this.error.message(), errorType, this.error.param(), errorCode), this.requestId,
				this.members);
	}

	/**
	 * The same as a problem of a registered type.
	 * @param members what the type adds to the body
	 */
	public Problem as(String type, Map<String, Long> members) {
		return new Problem(type, this.title, this.status, this.detail, this.code, this.error, this.requestId, members);
	}

	/** What OpenAI's SDKs read. */
	record Cause(String message, String type, @Nullable String param, @Nullable String code) {
	}

}
