package dev.stowage.event;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.stowage.event.Receiver.Answer;
import dev.stowage.support.Command;
import dev.stowage.support.EventReceiver;
import dev.stowage.support.SystemProperties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** One attempt to send an event, to receivers of every kind. */
class ReceiverTests {

	private static final Instant NOW = Instant.ofEpochSecond(1_790_000_020);

	private static final Signature SIGNATURE = new Signature(
			Base64.getDecoder().decode(EventReceiver.SECRET.substring("whsec_".length())));

	private static final Event EVENT = new Event(1, "evt_1", "file.created", "file-1", "alice", "a\u20ac\"\n.txt",
			"FINE_TUNE", 7, NOW, Optional.empty(), NOW, 0);

	private EventReceiver receiver;

	@BeforeEach
	void start() throws IOException {
		this.receiver = new EventReceiver();
	}

	@AfterEach
	void stop() {
		this.receiver.close();
	}

	private Answer send(String... networks) {
		try (Receiver known = known(networks)) {
			return known.send(EVENT, NOW);
		}
	}

	private Receiver known(String... networks) {
		return new WebhookProperties.Webhook(this.receiver.url(), EventReceiver.SECRET, List.of(networks)).receiver()
			.orElseThrow();
	}

	@Test
	void getsTheEventAndItsSignature() {
		assertThat(send("127.0.0.0/8").isAccepted()).isTrue();
		assertThat(this.receiver.accepted()).singleElement().satisfies((delivery) -> {
			assertThat(delivery.id()).isEqualTo("evt_1");
			assertThat(delivery.timestamp()).isEqualTo(NOW.getEpochSecond());
			assertThat(delivery.body()).isEqualTo(
					"""
							{"type":"file.created","timestamp":"2026-09-21T14:13:40Z","data":{"id":"file-1","owner":"alice",\
							"filename":"a\u20ac\\"\\n.txt","purpose":"fine-tune","bytes":7,"created_at":1790000020,"expires_at":null}}""");
			assertThat(delivery.signature()).startsWith("v1,").hasSize(47);
		});
	}

	@ParameterizedTest
	@ValueSource(ints = { 200, 201, 202, 204, 299 })
	void acceptsWithAny2xx(int status) {
		this.receiver.answer(status);
		assertThat(send("127.0.0.0/8").isAccepted()).isTrue();
	}

	@ParameterizedTest
	@ValueSource(ints = { 301, 302, 303, 307, 308 })
	void leadsNowhereByARedirect(int status) throws IOException {
		try (EventReceiver other = new EventReceiver()) {
			this.receiver.answer(status, "Location", other.url());
			assertThat(send("127.0.0.0/8")).isEqualTo(Answer.none("it answered " + status));
			assertThat(this.receiver.attempts()).hasSize(1);
			assertThat(other.attempts()).isEmpty();
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 400, 401, 404, 410, 429, 500, 503 })
	void refusesWithAnyOtherStatus(int status) {
		this.receiver.answer(status, "Retry-After", "7");
		assertThat(send("127.0.0.0/8")).returns(false, Answer::isAccepted)
			.returns(7L, (answer) -> answer.pause().toSeconds());
		this.receiver.answer(status, "Retry-After", "Wed, 21 Oct 2026 07:28:00 GMT");
		assertThat(send("127.0.0.0/8").pause()).isZero();
	}

	@Test
	void isNotReadToTheEndOfItsAnswer() {
		this.receiver.answerEndlessly();
		try (Receiver known = known("127.0.0.0/8")) {
			// more than there are connections
			for (int i = 0; i < Receiver.AT_ONCE + 1; i++) {
				assertThat(known.send(EVENT, NOW).isAccepted()).isTrue();
			}
		}
	}

	@Test
	void isReachedOnAConnectionThatWasUsedBeforeOnlyIfItIsStillOpen() throws IOException {
		try (Receiver known = known("127.0.0.0/8")) {
			assertThat(known.send(EVENT, NOW).isAccepted()).isTrue();
			this.receiver.stop();
			this.receiver.startAgain();
			assertThat(known.send(EVENT, NOW).isAccepted()).isTrue();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "10.0.0.0/8", "127.0.0.2", "::1" })
	void isNotReachedAtAnAddressThatIsNotAllowed(String network) {
		assertThat(send(network))
			.isEqualTo(Answer.none("none of its addresses is public or in stowage.webhook.allowed-networks"));
		assertThat(this.receiver.attempts()).isEmpty();
	}

	@Test
	void isReachedThroughNoProxy() {
		try (SystemProperties properties = new SystemProperties()) {
			properties.set("http.proxyHost", "127.0.0.1").set("http.proxyPort", "1").set("http.nonProxyHosts", "");
			assertThat(send("127.0.0.0/8").isAccepted()).isTrue();
		}
	}

	@Test
	void isReachedByTlsOnlyIfItsCertificateIsTrusted(@TempDir Path folder) throws Exception {
		Path store = folder.resolve("hooks.p12");
		Command.run(folder, Map.of(), Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
				"-genkeypair", "-keyalg", "EC", "-dname", "CN=localhost", "-ext", "san=dns:localhost", "-keystore",
				store.toString(), "-storepass", "password", "-storetype", "PKCS12");
		try (EventReceiver encrypted = EventReceiver.withCertificate(store, "password");
				SystemProperties properties = new SystemProperties()) {
			URI url = URI.create(encrypted.url().replace("127.0.0.1", "localhost"));
			assertThat(sendTo(url)).isEqualTo(Answer.none("SSLHandshakeException"));
			properties.set("javax.net.ssl.trustStore", store.toString())
				.set("javax.net.ssl.trustStorePassword", "password");
			assertThat(sendTo(url).isAccepted()).isTrue();
			assertThat(sendTo(URI.create(encrypted.url())).isAccepted()).as("for another name").isFalse();
		}
	}

	private static Answer sendTo(URI url) {
		AllowedAddresses loopback = new AllowedAddresses(List.of(Network.parse("127.0.0.0/8").orElseThrow()), true);
		try (Receiver known = new Receiver(url, SIGNATURE, loopback)) {
			return known.send(EVENT, NOW);
		}
	}

}
