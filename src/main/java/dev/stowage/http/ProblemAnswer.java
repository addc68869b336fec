package dev.stowage.http;

import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;

/**
 * Makes answers of problems: their body, and the headers that every one needs. An answer
 * is kept with its request, because the container answers with its own error once a read
 * of the body has failed. That may be before the answer is sent, while the rest of a
 * refused body is read.
 */
public final class ProblemAnswer {

	private static final String KEPT = ProblemAnswer.class.getName() + ".kept";

	private ProblemAnswer() {
	}

	public static ResponseEntity<Object> unavailable(String code, String message, int retryAfterSeconds,
			HttpServletRequest request) {
		return later(503, code, message, retryAfterSeconds, request);
	}

	public static ResponseEntity<Object> later(int status, String code, String message, int retryAfterSeconds,
			HttpServletRequest request) {
		HttpHeaders headers = new HttpHeaders();
		headers.set(HttpHeaders.RETRY_AFTER, String.valueOf(retryAfterSeconds));
		return problem(HttpStatus.valueOf(status), headers, code, message, null, request);
	}

	public static ResponseEntity<Object> damaged(String message, String param, HttpServletRequest request) {
		return problem(HttpStatus.INTERNAL_SERVER_ERROR, withoutRetry(), "content_damaged", message, param, request);
	}

	/** Tells clients that retry automatically that it would not help. */
	public static HttpHeaders withoutRetry() {
		HttpHeaders headers = new HttpHeaders();
		headers.set("x-should-retry", "false");
		return headers;
	}

	public static ResponseEntity<Object> problem(int status, String code, String message, @Nullable String param,
			HttpServletRequest request) {
		return problem(HttpStatus.valueOf(status), new HttpHeaders(), code, message, param, request);
	}

	public static ResponseEntity<Object> problem(HttpStatusCode status, HttpHeaders headers, String code,
			String message, @Nullable String param, HttpServletRequest request) {
		return answer(status, headers, Problem.of(status, code, message, param, RequestIdFilter.idOf(request)),
				request);
	}

	/** A problem whose code clients find in {@code error}, too. */
	public static ResponseEntity<Object> coded(HttpStatusCode status, HttpHeaders headers, String code, String message,
			HttpServletRequest request) {
		return answer(status, headers,
				Problem.of(status, code, message, null, RequestIdFilter.idOf(request)).withErrorCode(code), request);
	}

	public static ResponseEntity<Object> answer(HttpStatusCode status, HttpHeaders headers, Problem problem,
			HttpServletRequest request) {
		ResponseEntity<Object> answer = ResponseEntity.status(status)
			.headers(headers)
			.contentType(MediaType.APPLICATION_PROBLEM_JSON)
			.body(problem);
		request.setAttribute(KEPT, answer);
		return answer;
	}

	/** The answer that was made for a request, if any. */
	static @Nullable ResponseEntity<?> kept(HttpServletRequest request) {
		return (request.getAttribute(KEPT) instanceof ResponseEntity<?> answer) ? answer : null;
	}

}
