package dev.stowage.event;

import java.util.Base64;
import java.util.List;

import dev.stowage.event.WebhookProperties.Webhook;
import dev.stowage.settings.InvalidSettingException;
import dev.stowage.support.EventReceiver;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** The settings of the receiver. */
class WebhookPropertiesTests {

	private static final String URL = "https://hooks.example/a?b=c";

	@Test
	void nameNoReceiverWithoutAUrl() {
		assertThat(new Webhook(" ", "", List.of()).receiver()).isEmpty();
	}

	@Test
	void nameItWithoutWhatMayBeSecret() {
		Webhook webhook = new Webhook(URL, EventReceiver.SECRET, List.of());
		assertThat(webhook.receiver().orElseThrow().name()).isEqualTo("https://hooks.example");
		assertThat(webhook).asString().doesNotContain("hooks", "MfKQ");
	}

	@Test
	void needBothUrlAndSecret() {
		assertRefused(URL, null, "stowage.webhook.url and stowage.webhook.secret must be set together");
		assertRefused(null, EventReceiver.SECRET,
				"stowage.webhook.url and stowage.webhook.secret must be set together");
	}

	@ParameterizedTest
	@ValueSource(strings = { "hooks.example", "ftp://hooks.example/", "https:///path", "https://user@hooks.example/",
			"https://hooks.example/#a", "https://hooks example/" })
	void refuseOtherUrls(String url) {
		assertRefused(url, EventReceiver.SECRET,
				"stowage.webhook.url must be an https URL with a host, and without a user or a fragment");
	}

	@Test
	void refusePlainHttpUnlessANetworkIsAllowed() {
		assertRefused("http://hooks.example/", EventReceiver.SECRET, "stowage.webhook.url must be https: plain http is"
				+ " only for networks that stowage.webhook.allowed-networks names");
		assertThat(new Webhook("http://hooks.example/", EventReceiver.SECRET, List.of("10.0.0.0/8")).receiver())
			.isPresent();
	}

	@Test
	void refuseSecretsOfOtherLengthsAndForms() {
		String message = "stowage.webhook.secret must be whsec_ and the Base64 of 24 to 64 random bytes";
		for (String secret : List.of("whsec_" + base64(23), "whsec_" + base64(65), base64(32), "whsec_!!!!", "w",
				"whsec_", "secret_" + base64(32))) {
			assertRefused(URL, secret, message);
		}
		assertThat(new Webhook(URL, "whsec_" + base64(24), List.of()).receiver()).isPresent();
		assertThat(new Webhook(URL, "whsec_" + base64(64), List.of()).receiver()).isPresent();
	}

	@Test
	void refuseWhatIsNoNetwork() {
		assertThatExceptionOfType(InvalidSettingException.class)
			.isThrownBy(() -> new Webhook(null, null, List.of("10.0.0.0/8", "localhost")))
			.withMessage("stowage.webhook.allowed-networks must be networks such as 10.0.0.0/8 or fd00::/8");
	}

	private static void assertRefused(@Nullable String url, @Nullable String secret, String message) {
		assertThatExceptionOfType(InvalidSettingException.class).isThrownBy(() -> new Webhook(url, secret, List.of()))
			.withMessage(message);
	}

	private static String base64(int bytes) {
		return Base64.getEncoder().encodeToString(new byte[bytes]);
	}

}
