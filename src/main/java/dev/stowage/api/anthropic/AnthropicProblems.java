package dev.stowage.api.anthropic;

import dev.stowage.http.Problem;
import dev.stowage.http.ProblemDialect;
import jakarta.servlet.http.HttpServletRequest;

import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.stereotype.Component;

/** Failures in Anthropic's words, which its SDKs turn into exceptions. */
@Component
class AnthropicProblems implements ProblemDialect {

	private static final HttpStatusCode OVERLOADED = HttpStatusCode.valueOf(529);

	@Override
	public boolean isReadBy(HttpServletRequest request) {
		return Anthropic.isSpokenIn(request);
	}

	/** A quota is no rate: it would not help to try again. */
	@Override
	public HttpStatusCode status(Problem problem) {
		if (problem.code().equals(Problem.INSUFFICIENT_QUOTA)) {
			return HttpStatus.BAD_REQUEST;
		}
		return (problem.status() == 503) ? OVERLOADED : HttpStatusCode.valueOf(problem.status());
	}

	@Override
	public ErrorResource body(Problem problem) {
		String code = problem.code().equals(Problem.INSUFFICIENT_QUOTA) ? "storage_quota_exceeded" : null;
		return ErrorResource.of(type(status(problem)), problem.detail(), code, problem.requestId());
	}

	private static String type(HttpStatusCode status) {
		return switch (status.value()) {
			case 401 -> "authentication_error";
			case 403 -> "permission_error";
			case 404 -> "not_found_error";
			case 413 -> "request_too_large";
			case 429 -> "rate_limit_error";
			case 529 -> "overloaded_error";
			default -> status.is5xxServerError() ? "api_error" : "invalid_request_error";
		};
	}

	@Override
	public String idHeader() {
		return Anthropic.REQUEST_ID;
	}

}
