package dev.stowage.api.problem;

import dev.stowage.owner.CallerException;
import dev.stowage.owner.InsufficientScopeException;
import jakarta.servlet.http.HttpServletRequest;

import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

import static dev.stowage.http.ProblemAnswer.coded;
import static dev.stowage.http.ProblemAnswer.problem;
import static dev.stowage.http.ProblemAnswer.unavailable;

/** Which status a request gets whose caller is unknown, or may not do what it asks. */
@RestControllerAdvice
@Order(Ordered.HIGHEST_PRECEDENCE)
class AccessProblemHandler {

	private static final String INVALID_TOKEN = "invalid_token";

	private static final int ISSUER_SECONDS = 5;

	private static final String INVALID_KEY = "invalid_api_key";

	private static final String NO_KEY = "You didn't provide an API key. You need to provide your API key in an"
			+ " Authorization header using Bearer auth (i.e. Authorization: Bearer YOUR_KEY).";

	@ExceptionHandler
	ResponseEntity<Object> authentication(AuthenticationException ex, HttpServletRequest request) {
		return problem(HttpStatus.UNAUTHORIZED, challenge("Bearer"), INVALID_KEY, NO_KEY, null, request);
	}

	@ExceptionHandler
	ResponseEntity<Object> key(BadCredentialsException ex, HttpServletRequest request) {
		return coded(HttpStatus.UNAUTHORIZED, challenge("Bearer"), INVALID_KEY, String.valueOf(ex.getMessage()),
				request);
	}

	@ExceptionHandler
	ResponseEntity<Object> token(OAuth2AuthenticationException ex, HttpServletRequest request) {
		return coded(HttpStatus.UNAUTHORIZED, challenge("Bearer error=\"invalid_token\""), INVALID_TOKEN,
				String.valueOf(ex.getMessage()), request);
	}

	private static HttpHeaders challenge(String challenge) {
		HttpHeaders headers = new HttpHeaders();
		headers.set(HttpHeaders.WWW_AUTHENTICATE, challenge);
		return headers;
	}

	/** A token that nobody can verify now may be right, so this is not a 401. */
	@ExceptionHandler
	ResponseEntity<Object> unverified(AuthenticationServiceException ex, HttpServletRequest request) {
		return unavailable("issuer_unavailable", String.valueOf(ex.getMessage()), ISSUER_SECONDS, request);
	}

	@ExceptionHandler
	ResponseEntity<Object> caller(CallerException ex, HttpServletRequest request) {
		return problem(400, ex.code(), String.valueOf(ex.getMessage()), ex.header(), request);
	}

	@ExceptionHandler
	ResponseEntity<Object> scope(InsufficientScopeException ex, HttpServletRequest request) {
		return problem(403, "insufficient_scope", String.valueOf(ex.getMessage()), null, request);
	}

	/** Only an origin that is not configured is refused in this way. */
	@ExceptionHandler
	ResponseEntity<Object> forbidden(AccessDeniedException ex, HttpServletRequest request) {
		return problem(403, "origin_not_allowed",
				"This origin may not call the server. STOWAGE_CORS_ORIGINS lists the allowed origins.", null, request);
	}

}
