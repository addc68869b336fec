package dev.stowage.event;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

import dev.stowage.settings.InvalidSettingException;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Who learns of events. All instances of one database should have the same settings:
 * those of the instance that started last decide whether events are recorded.
 *
 * @param webhook the receiver
 */
@ConfigurationProperties("stowage")
public record WebhookProperties(@DefaultValue Webhook webhook) {

	/**
	 * The receiver. Messages never repeat bad values, because they are secret.
	 *
	 * @param url where events are sent; absent: there are none. It may contain a secret
	 * @param secret with which events are signed: {@code whsec_} and 24 to 64 bytes in
	 * Base64
	 * @param allowedNetworks such as {@code 10.0.0.0/8}: addresses of the receiver that
	 * may be private, or be called by plain http
	 */
	public record Webhook(@Nullable String url, @Nullable String secret, @DefaultValue List<String> allowedNetworks) {

		private static final String PREFIX = "whsec_";

		private static final int SHORTEST = 24;

		private static final int LONGEST = 64;

		public Webhook {
			url = textOrNull(url);
			secret = textOrNull(secret);
			allowedNetworks = allowedNetworks.stream().map(String::strip).toList();
			InvalidSettingException.require(url == null || isUrl(url),
					"stowage.webhook.url must be an https URL with a host, and without a user or a fragment");
			InvalidSettingException.require(url == null || isEncrypted(url) || !allowedNetworks.isEmpty(),
					"stowage.webhook.url must be https: plain http is only for networks that"
							+ " stowage.webhook.allowed-networks names");
			InvalidSettingException.require((url == null) == (secret == null),
					"stowage.webhook.url and stowage.webhook.secret must be set together");
			InvalidSettingException.require(secret == null || isSecret(secret),
					"stowage.webhook.secret must be whsec_ and the Base64 of 24 to 64 random bytes");
			InvalidSettingException.require(
					allowedNetworks.stream().allMatch((text) -> Network.parse(text).isPresent()),
					"stowage.webhook.allowed-networks must be networks such as 10.0.0.0/8 or fd00::/8");
		}

		private static @Nullable String textOrNull(@Nullable String text) {
			return (text == null || text.isBlank()) ? null : text.strip();
		}

		private static boolean isUrl(String text) {
			try {
				URI url = new URI(text);
				String scheme = String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT);
				return (scheme.equals("https") || scheme.equals("http")) && url.getHost() != null
						&& url.getRawUserInfo() == null && url.getRawFragment() == null;
			}
			catch (URISyntaxException ex) {
				return false;
			}
		}

		private static boolean isEncrypted(String url) {
			return url.toLowerCase(Locale.ROOT).startsWith("https:");
		}

		private static boolean isSecret(String text) {
			try {
				int length = key(text).length;
				return text.startsWith(PREFIX) && length >= SHORTEST && length <= LONGEST;
			}
			catch (IllegalArgumentException ex) {
				return false;
			}
		}

		private static byte[] key(String secret) {
			return Base64.getDecoder().decode(secret.substring(Math.min(PREFIX.length(), secret.length())));
		}

		/** How it is reached; empty if there is none. */
		Optional<Receiver> receiver() {
			if (this.url == null || this.secret == null) {
				return Optional.empty();
			}
			List<Network> networks = this.allowedNetworks.stream()
				.flatMap((text) -> Network.parse(text).stream())
				.toList();
			return Optional.of(new Receiver(URI.create(this.url), new Signature(key(this.secret)),
					new AllowedAddresses(networks, isEncrypted(this.url))));
		}

		@Override
		public String toString() {
			return "Webhook[" + ((this.url != null) ? "set" : "none") + "]";
		}

	}

}
