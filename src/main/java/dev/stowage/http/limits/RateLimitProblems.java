package dev.stowage.http.limits;

import dev.stowage.http.ProblemAnswer;
import jakarta.servlet.http.HttpServletRequest;

import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/** The answer to a request beyond a limit. */
@RestControllerAdvice
@Order(Ordered.HIGHEST_PRECEDENCE)
class RateLimitProblems {

	@ExceptionHandler
	ResponseEntity<Object> limited(RateLimitException ex, HttpServletRequest request) {
		HttpHeaders headers = new HttpHeaders();
		headers.set(HttpHeaders.RETRY_AFTER, String.valueOf(ex.retryAfterSeconds()));
		return ProblemAnswer.coded(HttpStatus.TOO_MANY_REQUESTS, headers, RateLimitException.CODE,
				String.valueOf(ex.getMessage()), request);
	}

}
