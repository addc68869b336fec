package dev.stowage.security;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.security.authentication.AuthenticationManager;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.authentication.AuthenticationConverter;
import org.springframework.security.web.authentication.AuthenticationEntryPointFailureHandler;
import org.springframework.security.web.authentication.AuthenticationFilter;

/**
 * Turns {@code Authorization: Bearer <key>} into the caller of that key, before any body
 * is read. A request without a key has no caller.
 */
final class BearerKeys implements AuthenticationConverter, AuthenticationManager {

	private static final String SCHEME = "Bearer ";

	private final Function<String, ? extends Optional<?>> keys;

	private BearerKeys(Function<String, ? extends Optional<?>> keys) {
		this.keys = keys;
	}

	/**
	 * A filter that knows these keys.
	 * @param keys finds whom a key stands for
	 * @param entryPoint answers those whose key stands for nobody
	 */
	static AuthenticationFilter filter(Function<String, ? extends Optional<?>> keys,
			AuthenticationEntryPoint entryPoint) {
		BearerKeys bearer = new BearerKeys(keys);
		AuthenticationFilter filter = new AuthenticationFilter((AuthenticationManager) bearer, bearer);
		filter.setSuccessHandler((request, response, caller) -> {
			// the chain continues
		});
		filter.setFailureHandler(new AuthenticationEntryPointFailureHandler(entryPoint));
		return filter;
	}

	@Override
	public @Nullable Authentication convert(HttpServletRequest request) {
		return Optional.ofNullable(request.getHeader(HttpHeaders.AUTHORIZATION))
			.filter((header) -> header.regionMatches(true, 0, SCHEME, 0, SCHEME.length()))
			.map((header) -> header.substring(SCHEME.length()).strip())
			.filter((key) -> !key.isEmpty())
			.map((key) -> UsernamePasswordAuthenticationToken.unauthenticated("key", key))
			.orElse(null);
	}

	@Override
	public Authentication authenticate(Authentication presented) {
		String key = String.valueOf(presented.getCredentials());
		return this.keys.apply(key)
			.map((caller) -> UsernamePasswordAuthenticationToken.authenticated(caller, null, List.of()))
			.orElseThrow(() -> new BadCredentialsException("Incorrect API key provided: " + masked(key) + "."));
	}

	/** Enough to recognise one's key by, too little to use it. */
	private static String masked(String key) {
		return (key.length() < 12) ? "…" : key.substring(0, 4) + "…" + key.substring(key.length() - 3);
	}

}
