package dev.stowage.security;

import java.util.Optional;
import java.util.regex.Pattern;

import dev.stowage.http.KeyHeaders;
import dev.stowage.owner.CallerException;
import jakarta.servlet.Filter;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.http.HttpServletRequest;

import org.springframework.http.HttpHeaders;
import org.springframework.security.oauth2.server.resource.InvalidBearerTokenException;
import org.springframework.security.oauth2.server.resource.authentication.BearerTokenAuthenticationToken;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationProvider;
import org.springframework.security.web.AuthenticationEntryPoint;

/**
 * Turns {@code Authorization: Bearer <JWT>} into the caller of that token. A bearer that
 * does not have the shape of a JWT is a key.
 */
final class BearerTokens {

	/** In characters, each of which is a byte. */
	static final int MAX_LENGTH = 16 * 1024;

	/** A JSON object in Base64, and two further parts, or four of an encrypted token. */
	private static final Pattern SHAPE = Pattern.compile("e[wy][\\w-]*+(\\.[\\w-]*+){2}((\\.[\\w-]*+){2})?");

	private final Optional<JwtAuthenticationProvider> issuer;

	BearerTokens(Optional<JwtAuthenticationProvider> issuer) {
		this.issuer = issuer;
	}

	/**
	 * A filter that verifies tokens, and leaves other requests to the one for keys.
	 * @param entryPoint answers those whose token is refused
	 */
	Filter besides(Filter keys, AuthenticationEntryPoint entryPoint) {
		return this.issuer.<Filter>map((provider) -> {
			Filter tokens = CallerFilter.of(provider::authenticate, BearerTokens::presented, entryPoint);
			return (request, response, chain) -> (isToken(request) ? tokens : keys).doFilter(request, response, chain);
		}).orElse(keys);
	}

	private static BearerTokenAuthenticationToken presented(HttpServletRequest request) {
		String token = token(request).orElseThrow();
		if (KeyHeaders.areIn(request)) {
			throw CallerException.twoKeys();
		}
		if (token.length() > MAX_LENGTH) {
			throw new InvalidBearerTokenException(
					"Incorrect token provided: it is longer than " + MAX_LENGTH + " characters.");
		}
		return new BearerTokenAuthenticationToken(token);
	}

	private static boolean isToken(ServletRequest request) {
		return request instanceof HttpServletRequest http && token(http).isPresent();
	}

	private static Optional<String> token(HttpServletRequest request) {
		return Optional.ofNullable(request.getHeader(HttpHeaders.AUTHORIZATION))
			.flatMap(CallerFilter::bearer)
			.filter((bearer) -> SHAPE.matcher(bearer).matches());
	}

}
