package dev.stowage.security;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Set;

import dev.stowage.settings.InvalidSettingException;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Which tokens open the server.
 *
 * @param jwt the issuer of the tokens, and what they must say
 */
@ConfigurationProperties("stowage")
public record TokenProperties(@DefaultValue Jwt jwt) {

	/**
	 * The issuer of the tokens, and what they must say.
	 *
	 * @param issuer exactly as it is in the tokens; absent: no token opens the server
	 * @param audience what a token must name as its audience
	 * @param ownerClaim the claim that holds the owner's name
	 */
	public record Jwt(@Nullable String issuer, @Nullable String audience, @DefaultValue("sub") String ownerClaim) {

		private static final Set<String> SCHEMES = Set.of("http", "https");

		public Jwt {
			issuer = textOrNull(issuer);
			audience = textOrNull(audience);
			ownerClaim = ownerClaim.strip();
			InvalidSettingException.require(issuer == null || isUrl(issuer),
					"stowage.jwt.issuer must be an http or https URL with a host, and without a query, a fragment or"
							+ " a user");
			InvalidSettingException.require(issuer == null || audience != null,
					"stowage.jwt.audience is required with stowage.jwt.issuer, because otherwise tokens for other"
							+ " services would open this one");
			InvalidSettingException.require(audience == null || issuer != null,
					"stowage.jwt.audience has no effect without stowage.jwt.issuer");
			InvalidSettingException.require(!ownerClaim.isEmpty(),
					"stowage.jwt.owner-claim must name a claim, such as sub");
		}

		private static @Nullable String textOrNull(@Nullable String text) {
			return (text == null || text.isBlank()) ? null : text.strip();
		}

		private static boolean isUrl(String text) {
			try {
				URI url = new URI(text);
				return url.getScheme() != null && SCHEMES.contains(url.getScheme().toLowerCase(Locale.ROOT))
						&& url.getHost() != null && url.getRawQuery() == null && url.getRawFragment() == null
						&& url.getRawUserInfo() == null;
			}
			catch (URISyntaxException ex) {
				return false;
			}
		}

	}

}
