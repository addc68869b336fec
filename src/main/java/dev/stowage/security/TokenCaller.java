package dev.stowage.security;

import java.util.Arrays;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.stowage.owner.Owner;
import dev.stowage.owner.Scope;
import org.jspecify.annotations.Nullable;

import org.springframework.core.convert.converter.Converter;
import org.springframework.security.authentication.AbstractAuthenticationToken;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.server.resource.InvalidBearerTokenException;

/**
 * Turns a verified token into its caller: the owner that a claim names, and the scopes. A
 * token that names no scope of this server has all of them.
 *
 * @param ownerClaim the claim with the owner's name
 */
record TokenCaller(String ownerClaim) implements Converter<Jwt, AbstractAuthenticationToken> {

	/** Issuers use either name, and either a list or a text with spaces. */
	private static final Set<String> SCOPE_CLAIMS = Set.of("scope", "scp");

	@Override
	public AbstractAuthenticationToken convert(Jwt token) {
		return new Caller(owner(token), Optional.ofNullable(token.getSubject()), scopes(token)).authentication();
	}

	private Owner owner(Jwt token) {
		if (token.getClaims().get(this.ownerClaim) instanceof String name) {
			try {
				return new Owner(name);
			}
			catch (IllegalArgumentException ex) {
				throw refused("is not an owner's name", ex);
			}
		}
		throw refused("is missing or is not a text", null);
	}

	private InvalidBearerTokenException refused(String reason, @Nullable Throwable cause) {
		String message = "Incorrect token provided: its claim '" + this.ownerClaim + "' " + reason
				+ ". It must be 1 to 64 letters, digits, dots, dashes, underscores or @.";
		return (cause != null) ? new InvalidBearerTokenException(message, cause)
				: new InvalidBearerTokenException(message);
	}

	private static Set<Scope> scopes(Jwt token) {
		Set<Scope> named = SCOPE_CLAIMS.stream()
			.flatMap((claim) -> names(token.getClaims().get(claim)))
			.flatMap((name) -> Scope.parse(name).stream())
			.filter(Scope.usual()::contains)
			.collect(Collectors.toSet());
		return named.isEmpty() ? Scope.usual() : named;
	}

	private static Stream<String> names(@Nullable Object claim) {
		return switch (claim) {
			case String text -> Arrays.stream(text.split(" ", -1));
			case Collection<?> list -> list.stream().map(String::valueOf);
			case null, default -> Stream.empty();
		};
	}

}
