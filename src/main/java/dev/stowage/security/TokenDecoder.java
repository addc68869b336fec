package dev.stowage.security;

import java.time.Clock;
import java.util.Objects;
import java.util.Set;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.core.OAuth2Error;
import org.springframework.security.oauth2.core.OAuth2TokenValidator;
import org.springframework.security.oauth2.core.OAuth2TokenValidatorResult;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtAudienceValidator;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.security.oauth2.jwt.JwtIssuerValidator;
import org.springframework.security.oauth2.jwt.JwtTimestampValidator;
import org.springframework.security.oauth2.jwt.JwtValidationException;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;

/**
 * Verifies tokens: signature, times, issuer and audience. What a refused token holds is
 * in no message.
 */
final class TokenDecoder implements JwtDecoder {

	private static final String REFUSED = "Incorrect token provided: ";

	/** What public keys sign, and what the JDK verifies. */
	private static final Set<JWSAlgorithm> ALGORITHMS = Set.of(JWSAlgorithm.RS256, JWSAlgorithm.RS384,
			JWSAlgorithm.RS512, JWSAlgorithm.PS256, JWSAlgorithm.PS384, JWSAlgorithm.PS512, JWSAlgorithm.ES256,
			JWSAlgorithm.ES384, JWSAlgorithm.ES512);

	private final NimbusJwtDecoder decoder;

	TokenDecoder(String issuer, String audience, JWKSource<SecurityContext> keys, Clock clock) {
		DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
		processor.setJWSKeySelector(new JWSVerificationKeySelector<>(ALGORITHMS, keys));
		// none, a JWT, or an access token of RFC 9068; not an ID token for a logout or
		// the like
		processor.setJWSTypeVerifier(new DefaultJOSEObjectTypeVerifier<>(null, JOSEObjectType.JWT,
				new JOSEObjectType("at+jwt"), new JOSEObjectType("application/at+jwt")));
		processor.setJWTClaimsSetVerifier((claims, context) -> {
			// the validators below do, by the injected clock
		});
		this.decoder = new NimbusJwtDecoder(processor);
		JwtTimestampValidator times = new JwtTimestampValidator();
		times.setClock(clock);
		times.setAllowEmptyExpiryClaim(false);
		this.decoder.setJwtValidator(new DelegatingOAuth2TokenValidator<>(
				refusing("it has expired, is not valid yet, or does not say when it expires.", times),
				refusing("it is from another issuer.", new JwtIssuerValidator(issuer)),
				refusing("it is for another audience.", new JwtAudienceValidator(audience))));
	}

	/**
	 * Verifies a token.
	 * @throws BadJwtException if it is refused; the message is for the client
	 * @throws JwtException if the issuer's keys cannot be read
	 */
	@Override
	public Jwt decode(String token) {
		try {
			return Objects.requireNonNull(this.decoder.decode(token));
		}
		catch (JwtValidationException ex) {
			throw new BadJwtException(String.valueOf(ex.getErrors().iterator().next().getDescription()));
		}
		catch (JwtException ex) {
			if (ex.getCause() instanceof IssuerUnavailableException) {
				throw new JwtException("The server cannot read the keys of the tokens' issuer."
						+ " Please try again in a moment, or use an API key.");
			}
			throw new BadJwtException(
					REFUSED + "it is malformed, or it is not signed with one of the current keys of its issuer.");
		}
	}

	private static OAuth2TokenValidator<Jwt> refusing(String reason, OAuth2TokenValidator<Jwt> check) {
		OAuth2TokenValidatorResult refusal = OAuth2TokenValidatorResult
			.failure(new OAuth2Error("invalid_token", REFUSED + reason, null));
		return (token) -> check.validate(token).hasErrors() ? refusal : OAuth2TokenValidatorResult.success();
	}

}
