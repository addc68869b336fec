package dev.stowage.security;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import dev.stowage.http.KeyHeaders;
import dev.stowage.keys.KeyRefusedException;
import dev.stowage.owner.CallerException;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.security.authentication.AuthenticationManager;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.authentication.AuthenticationConverter;
import org.springframework.security.web.authentication.AuthenticationFilter;

/**
 * Turns {@code Authorization: Bearer <key>}, {@code x-api-key: <key>} or
 * {@code api-key: <key>} into the caller of that key, before any body is read. A request
 * without a key has no caller.
 */
final class PresentedKeys implements AuthenticationConverter, AuthenticationManager {

	private static final String PROJECT = "OpenAI-Project";

	private final Callers callers;

	private PresentedKeys(Callers callers) {
		this.callers = callers;
	}

	/**
	 * A filter that knows these keys.
	 * @param entryPoint answers those whose key stands for nobody
	 */
	static AuthenticationFilter filter(Callers callers, AuthenticationEntryPoint entryPoint) {
		PresentedKeys keys = new PresentedKeys(callers);
		return CallerFilter.of(keys, keys, entryPoint);
	}

	@Override
	public @Nullable Authentication convert(HttpServletRequest request) {
		Set<String> keys = keys(request);
		if (keys.size() > 1) {
			throw CallerException.twoKeys();
		}
		if (keys.isEmpty()) {
			return null;
		}
		UsernamePasswordAuthenticationToken token = UsernamePasswordAuthenticationToken.unauthenticated("key",
				keys.iterator().next());
		token.setDetails(Optional.ofNullable(request.getHeader(PROJECT)).filter((project) -> !project.isBlank()));
		return token;
	}

	private static Set<String> keys(HttpServletRequest request) {
		Set<String> keys = new LinkedHashSet<>();
		for (String header : Collections.list(request.getHeaders(HttpHeaders.AUTHORIZATION))) {
			CallerFilter.bearer(header).ifPresent(keys::add);
		}
		for (String name : KeyHeaders.NAMES) {
			Collections.list(request.getHeaders(name)).forEach((key) -> keys.add(key.strip()));
		}
		keys.remove("");
		return keys;
	}

	@Override
	public Authentication authenticate(Authentication presented) {
		String key = String.valueOf(presented.getCredentials());
		Optional<String> project = (presented.getDetails() instanceof Optional<?> details)
				? details.map(String::valueOf) : Optional.empty();
		try {
			return this.callers.find(key, project)
				.orElseThrow(() -> new BadCredentialsException("Incorrect API key provided: " + masked(key) + "."));
		}
		catch (KeyRefusedException ex) {
			throw new BadCredentialsException(String.valueOf(ex.getMessage()));
		}
		catch (DataAccessException ex) {
			throw new AuthenticationServiceException("The key could not be looked up", ex);
		}
	}

	/** Enough to recognise one's key by, too little to use it. */
	private static String masked(String key) {
		return (key.length() < 12) ? "…" : key.substring(0, 4) + "…" + key.substring(key.length() - 3);
	}

	/** Finds whom a key stands for. */
	@FunctionalInterface
	interface Callers {

		/**
		 * Empty if the key stands for nobody.
		 * @param project what the header {@code OpenAI-Project} says
		 */
		Optional<? extends Authentication> find(String key, Optional<String> project);

	}

}
