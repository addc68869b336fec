package dev.stowage.api.anthropic;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/** The one error body of this family. */
record ErrorResource(String type, Cause error, @JsonProperty("request_id") String requestId) {

	static ErrorResource of(String type, String message, @Nullable String code, String requestId) {
		return new ErrorResource("error", new Cause(type, message, (code != null) ? new Details(code) : null),
				requestId);
	}

	record Cause(String type, String message, @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Details details) {
	}

	record Details(@JsonProperty("error_code") String errorCode) {
	}

}
