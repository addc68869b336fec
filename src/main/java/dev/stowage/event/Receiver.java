package dev.stowage.event;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.impl.routing.DefaultRoutePlanner;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.HttpStatus;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Who learns of events, by the rules of Standard Webhooks. It uses no proxy, follows no
 * redirect and keeps no cookie. An exchange has no limit of time as a whole: interrupt
 * its virtual thread.
 */
final class Receiver implements AutoCloseable {

	/** How many exchanges there may be at the same time. */
	static final int AT_ONCE = 16;

	private static final Timeout CONNECT = Timeout.ofSeconds(5);

	private static final Timeout SILENCE = Timeout.ofSeconds(15);

	private static final TimeValue IDLE = TimeValue.of(30, TimeUnit.SECONDS);

	/** After this time, the name is resolved again. */
	private static final TimeValue LIFE = TimeValue.of(5, TimeUnit.MINUTES);

	/** How much of an answer is read, so that its connection can be used again. */
	private static final int MOST_READ = 4 * 1024;

	private final JsonMapper json = JsonMapper.shared();

	private final URI url;

	private final HttpHost host;

	private final Signature signature;

	private final CloseableHttpClient client;

	Receiver(URI url, Signature signature, AllowedAddresses addresses) {
		this.url = url;
		this.host = new HttpHost(url.getScheme(), url.getHost(), url.getPort());
		this.signature = signature;
		this.client = HttpClients.custom()
			.setRoutePlanner(new DefaultRoutePlanner(null))
			.setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
				.setDnsResolver(addresses)
				.setMaxConnTotal(AT_ONCE)
				.setMaxConnPerRoute(AT_ONCE)
				.setDefaultConnectionConfig(ConnectionConfig.custom()
					.setConnectTimeout(CONNECT)
					.setSocketTimeout(SILENCE)
					.setTimeToLive(LIFE)
					.setValidateAfterInactivity(TimeValue.ZERO_MILLISECONDS)
					.build())
				.build())
			.setDefaultRequestConfig(RequestConfig.custom()
				.setConnectionRequestTimeout(SILENCE)
				.setResponseTimeout(SILENCE)
				.setProtocolUpgradeEnabled(false)
				.build())
			.setUserAgent("Stowage")
			.evictExpiredConnections()
			.evictIdleConnections(IDLE)
			.disableAuthCaching()
			.disableAutomaticRetries()
			.disableContentCompression()
			.disableCookieManagement()
			.disableRedirectHandling()
			.build();
	}

	/** Its scheme, host and port. The rest of its URL may contain a secret. */
	String name() {
		return this.host.toURI();
	}

	/** Tries once to deliver an event. */
	Answer send(Event event, Instant now) {
		byte[] body = this.json.writeValueAsBytes(EventBody.of(event));
		HttpPost request = new HttpPost(this.url);
		request.setHeader("webhook-id", event.id());
		request.setHeader("webhook-timestamp", now.getEpochSecond());
		request.setHeader("webhook-signature", this.signature.of(event.id(), now.getEpochSecond(), body));
		request.setEntity(new ByteArrayEntity(body, ContentType.APPLICATION_JSON));
		boolean isReadWhole = false;
		try {
			ClassicHttpResponse response = this.client.executeOpen(this.host, request, null);
			isReadWhole = isReadWhole(response.getEntity());
			return new Answer(
					response.getCode() >= HttpStatus.SC_SUCCESS && response.getCode() < HttpStatus.SC_REDIRECTION,
					"it answered " + response.getCode(), pause(response));
		}
		catch (AllowedAddresses.ForbiddenAddressException ex) {
			return Answer.none(String.valueOf(ex.getMessage()));
		}
		catch (IOException ex) {
			// whose message may contain what the receiver sent
			return Answer.none(ex.getClass().getSimpleName());
		}
		finally {
			if (!isReadWhole) {
				// to close the response would read the rest of it
				request.abort();
			}
		}
	}

	private static boolean isReadWhole(@Nullable HttpEntity entity) throws IOException {
		return entity == null || entity.getContent().readNBytes(MOST_READ).length < MOST_READ;
	}

	private static Duration pause(ClassicHttpResponse response) {
		return Optional.ofNullable(response.getFirstHeader(HttpHeaders.RETRY_AFTER))
			.map(Header::getValue)
			.filter((value) -> value.matches("\\d{1,6}"))
			.map((value) -> Duration.ofSeconds(Long.parseLong(value)))
			.orElse(Duration.ZERO);
	}

	@Override
	public void close() {
		this.client.close(CloseMode.IMMEDIATE);
	}

	/**
	 * What came of an attempt.
	 *
	 * @param isAccepted whether the event is delivered
	 * @param reason what happened, for the log
	 * @param pause how long the receiver asks to be left alone
	 */
	record Answer(boolean isAccepted, String reason, Duration pause) {

		static Answer none(String reason) {
			return new Answer(false, reason, Duration.ZERO);
		}

	}

}
