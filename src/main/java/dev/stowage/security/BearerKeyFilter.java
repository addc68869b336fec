package dev.stowage.security;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.http.HttpHeaders;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Turns {@code Authorization: Bearer <key>} into the owner of the key, before any body is
 * read.
 */
class BearerKeyFilter extends OncePerRequestFilter {

	private static final String SCHEME = "Bearer ";

	private final Function<String, ? extends Optional<?>> keys;

	private final AuthenticationEntryPoint entryPoint;

	BearerKeyFilter(Function<String, ? extends Optional<?>> keys, AuthenticationEntryPoint entryPoint) {
		this.keys = keys;
		this.entryPoint = entryPoint;
	}

	@Override
	protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
			throws ServletException, IOException {
		Optional<String> key = key(request);
		if (key.isPresent()) {
			Optional<?> caller = this.keys.apply(key.get());
			if (caller.isEmpty()) {
				this.entryPoint.commence(request, response,
						new BadCredentialsException("Incorrect API key provided: " + masked(key.get()) + "."));
				return;
			}
			SecurityContext context = SecurityContextHolder.createEmptyContext();
			context.setAuthentication(UsernamePasswordAuthenticationToken.authenticated(caller.get(), null, List.of()));
			SecurityContextHolder.setContext(context);
		}
		chain.doFilter(request, response);
	}

	private static Optional<String> key(HttpServletRequest request) {
		return Optional.ofNullable(request.getHeader(HttpHeaders.AUTHORIZATION))
			.filter((header) -> header.regionMatches(true, 0, SCHEME, 0, SCHEME.length()))
			.map((header) -> header.substring(SCHEME.length()).strip())
			.filter((key) -> !key.isEmpty());
	}

	/** Enough to recognise the key, too little to use it. */
	private static String masked(String key) {
		return (key.length() < 12) ? "…" : key.substring(0, 4) + "…" + key.substring(key.length() - 3);
	}

}
