package dev.stowage.security;

import java.util.Optional;

import dev.stowage.http.audit.AuditFilter;

import org.springframework.security.authentication.AuthenticationManager;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.authentication.AuthenticationConverter;
import org.springframework.security.web.authentication.AuthenticationEntryPointFailureHandler;
import org.springframework.security.web.authentication.AuthenticationFilter;

/** Finds out who asks before any body is read. */
final class CallerFilter {

	private static final String SCHEME = "Bearer ";

	private CallerFilter() {
	}

	/**
	 * A filter that lets requests of known callers, and those without credentials, pass.
	 * @param entryPoint answers all others, also if the credentials could not be checked
	 */
	static AuthenticationFilter of(AuthenticationManager callers, AuthenticationConverter credentials,
			AuthenticationEntryPoint entryPoint) {
		AuthenticationFilter filter = new AuthenticationFilter(callers, credentials);
		// the chain continues
		filter.setSuccessHandler((request, response, caller) -> AuditFilter.note(request, caller));
		AuthenticationEntryPointFailureHandler refusal = new AuthenticationEntryPointFailureHandler(entryPoint);
		refusal.setRethrowAuthenticationServiceException(false);
		filter.setFailureHandler(refusal);
		return filter;
	}

	/** What a header {@code Authorization} says by the scheme Bearer. */
	static Optional<String> bearer(String authorization) {
		return authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
				? Optional.of(authorization.substring(SCHEME.length()).strip()) : Optional.empty();
	}

}
