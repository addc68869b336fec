package dev.stowage.security;

import java.util.List;
import java.util.Map;

import dev.stowage.owner.Owner;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.server.resource.InvalidBearerTokenException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** Whom a verified token stands for, and what it grants. */
class TokenCallerTests {

	@Test
	void isTheOwnerOfAKeyAndHoldsNoToken() {
		Authentication caller = new TokenCaller("sub").convert(token(Map.of("sub", "alice")));
		assertThat(caller.getPrincipal()).isEqualTo(new Owner("alice"));
		assertThat(caller.getCredentials()).isNull();
		assertThat(caller.isAuthenticated()).isTrue();
		assertThat(caller.toString()).doesNotContain("the-token");
	}

	@Test
	void isNamedByTheConfiguredClaim() {
		Authentication caller = new TokenCaller("https://example.com/owner")
			.convert(token(Map.of("sub", "x/y", "https://example.com/owner", "a.b_c@d-e")));
		assertThat(caller.getPrincipal()).isEqualTo(new Owner("a.b_c@d-e"));
	}

	@Test
	void isNobodyIfTheClaimIsNotAText() {
		for (Object wrong : List.of(5, true, List.of("alice"), Map.of("name", "alice"))) {
			assertThatExceptionOfType(InvalidBearerTokenException.class)
				.isThrownBy(() -> new TokenCaller("owner").convert(token(Map.of("owner", wrong))))
				.withMessageContaining("its claim 'owner' is missing or is not a text")
				.satisfies((ex) -> assertThat(ex.getMessage()).doesNotContain("alice"));
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			files.read                          | files.read
			files.write                         | files.write
			openid files.read profile           | files.read
			files.write  files.read files.write | files.read,files.write
			openid profile                      | files.read,files.write
			files.readonly Files.Read           | files.read,files.write
			owners.all                          | files.read,files.write
			''                                  | files.read,files.write
			""")
	void mayDoWhatTheScopesSay(String scopes, String granted) {
		List<String> list = List.of(scopes.split(" ", -1));
		for (Object claim : List.of(scopes, list)) {
			for (String name : List.of("scope", "scp")) {
				assertThat(authorities(Map.of("sub", "alice", name, claim))).as(name + " " + claim)
					.containsExactlyInAnyOrder(granted.split(",", -1));
			}
		}
	}

	@Test
	void mayDoWhatEitherClaimSays() {
		assertThat(authorities(Map.of("sub", "alice", "scope", "openid", "scp", List.of("files.read"))))
			.containsExactly("files.read");
	}

	@ParameterizedTest
	@NullSource
	@ValueSource(ints = 7)
	void mayDoAllWithoutScopes(@Nullable Integer scope) {
		assertThat(authorities((scope != null) ? Map.of("sub", "alice", "scope", scope) : Map.of("sub", "alice")))
			.containsExactlyInAnyOrder("files.read", "files.write");
	}

	private static List<String> authorities(Map<String, Object> claims) {
		return new TokenCaller("sub").convert(token(claims))
			.getAuthorities()
			.stream()
			.map(GrantedAuthority::getAuthority)
			.map(String::valueOf)
			.toList();
	}

	private static Jwt token(Map<String, Object> claims) {
		return Jwt.withTokenValue("the-token").header("alg", "RS256").claims((all) -> all.putAll(claims)).build();
	}

}
