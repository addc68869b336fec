package dev.stowage.security;

import dev.stowage.settings.InvalidSettingException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** Settings of tokens with which the server does not start. */
class TokenPropertiesTests {

	@ParameterizedTest
	@ValueSource(strings = { "https://issuer.example", "http://localhost:8080/realms/main", "HTTPS://issuer.example/",
			" https://issuer.example " })
	void takesTheUrlOfAnIssuer(String issuer) {
		assertThat(new TokenProperties.Jwt(issuer, " files ", "sub"))
			.isEqualTo(new TokenProperties.Jwt(issuer.strip(), "files", " sub "));
	}

	@ParameterizedTest
	@ValueSource(strings = { "issuer.example", "ftp://issuer.example", "file:///etc/passwd", "https://", "https:issuer",
			"https://issuer.example?tenant=1", "https://issuer.example#x", "https://user:secret@issuer.example",
			"https://issuer example" })
	void refusesWhatIsNotOneWithoutRepeatingIt(String issuer) {
		requireRefusal(issuer, "files", "sub", "stowage.jwt.issuer must be an http or https URL");
	}

	@Test
	void requiresAnAudience() {
		requireRefusal("https://issuer.example", null, "sub", "stowage.jwt.audience is required");
		requireRefusal("https://issuer.example", " ", "sub", "stowage.jwt.audience is required");
	}

	@Test
	void refusesAnAudienceWithoutAnIssuer() {
		requireRefusal(null, "files", "sub", "stowage.jwt.audience has no effect without stowage.jwt.issuer");
	}

	@Test
	void requiresAClaimForTheOwner() {
		requireRefusal("https://issuer.example", "files", " ", "stowage.jwt.owner-claim must name a claim");
	}

	@Test
	void acceptsNoTokensByDefault() {
		assertThat(new TokenProperties.Jwt("", " ", "sub")).isEqualTo(new TokenProperties.Jwt(null, null, "sub"));
	}

	private static void requireRefusal(@Nullable String issuer, @Nullable String audience, String claim,
			String message) {
		assertThatExceptionOfType(InvalidSettingException.class)
			.isThrownBy(() -> new TokenProperties.Jwt(issuer, audience, claim))
			.withMessageStartingWith(message)
			.satisfies((ex) -> assertThat(ex.getMessage()).doesNotContain("secret", "passwd", "tenant"));
	}

}
