package dev.stowage.security;

import java.time.Clock;
import java.util.Objects;
import java.util.Optional;

import dev.stowage.owner.Owners;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationProvider;

/** Accepts the tokens of an issuer if the settings name one. */
@Configuration(proxyBeanMethods = false)
class TokenConfiguration {

	@Bean
	BearerTokens bearerTokens(TokenProperties properties, Clock clock) {
		return new BearerTokens(Optional.ofNullable(properties.jwt().issuer())
			.map((issuer) -> provider(issuer, properties.jwt(), clock)));
	}

	private static JwtAuthenticationProvider provider(String issuer, TokenProperties.Jwt properties, Clock clock) {
		JwtAuthenticationProvider provider = new JwtAuthenticationProvider(
				new TokenDecoder(issuer, Objects.requireNonNull(properties.audience()),
						new IssuerKeys(new IssuerDocuments(issuer), clock), clock));
		provider.setJwtAuthenticationConverter(new TokenCaller(properties.ownerClaim()));
		return provider;
	}

	/** An issuer names any number of owners, so they always share the server. */
	@Bean
	@Primary
	Owners ownersWithTokens(ApiKeys keys, TokenProperties properties) {
		return (properties.jwt().issuer() != null) ? () -> true : keys;
	}

}
