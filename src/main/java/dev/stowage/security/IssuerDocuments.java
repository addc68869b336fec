package dev.stowage.security;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Duration;
import java.util.Map;

import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.util.JSONObjectUtils;
import org.jspecify.annotations.Nullable;

/**
 * Reads the issuer's keys where its metadata says, by OpenID Connect Discovery 1.0 or RFC
 * 8414. Its own exceptions repeat nothing that the issuer sent.
 */
final class IssuerDocuments {

	/** Larger documents are refused, so that they do not fill the memory. */
	static final int MAX_BYTES = 512 * 1024;

	private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);

	private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(3);

	private final String issuer;

	IssuerDocuments(String issuer) {
		this.issuer = issuer;
	}

	/**
	 * Reads the keys. It may take long if the documents arrive slowly, and ends if the
	 * thread is interrupted.
	 */
	JWKSet keys() throws IOException, InterruptedException {
		// used every few minutes, so nothing of it is kept
		try (HttpClient http = HttpClient.newBuilder()
			.version(HttpClient.Version.HTTP_1_1)
			.connectTimeout(CONNECT_TIMEOUT)
			.build()) {
			try {
				return keys(http);
			}
			finally {
				http.shutdownNow();
			}
		}
	}

	private JWKSet keys(HttpClient http) throws IOException, InterruptedException {
		Map<String, Object> metadata = metadata(http);
		if (!this.issuer.equals(metadata.get("issuer"))) {
			throw new UnusableIssuerException("its metadata names another issuer than stowage.jwt.issuer");
		}
		String document = get(http, keysLocation(metadata.get("jwks_uri")), "its keys");
		try {
			JWKSet keys = JWKSet.parse(document);
			if (keys.isEmpty()) {
				throw new UnusableIssuerException("it has no keys");
			}
			return keys;
		}
		catch (ParseException | IllegalArgumentException ex) {
			throw new UnusableIssuerException("its keys are not a JSON Web Key Set");
		}
	}

	private Map<String, Object> metadata(HttpClient http) throws IOException, InterruptedException {
		String document;
		try {
			document = get(http, URI.create(withoutSlash(this.issuer) + "/.well-known/openid-configuration"),
					"its metadata");
		}
		catch (NotThereException ex) {
			URI url = URI.create(this.issuer);
			document = get(http,
					url.resolve("/.well-known/oauth-authorization-server" + withoutSlash(url.getRawPath())),
					"its metadata");
		}
		try {
			return JSONObjectUtils.parse(document);
		}
		catch (ParseException ex) {
			throw new UnusableIssuerException("its metadata is not a JSON object");
		}
	}

	private static String withoutSlash(String text) {
		return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
	}

	/** Keys of an issuer on https come by https, too. */
	private URI keysLocation(@Nullable Object text) throws IOException {
		try {
			URI location = URI.create(String.valueOf(text));
			boolean plain = "http".equalsIgnoreCase(location.getScheme());
			boolean secure = "https".equalsIgnoreCase(location.getScheme());
			if (location.getHost() != null
					&& (secure || (plain && !"https".equalsIgnoreCase(URI.create(this.issuer).getScheme())))) {
				return location;
			}
		}
		catch (IllegalArgumentException ex) {
			// is refused below
		}
		throw new UnusableIssuerException("its metadata has no usable jwks_uri");
	}

	private static String get(HttpClient http, URI url, String what) throws IOException, InterruptedException {
		HttpRequest request = HttpRequest.newBuilder(url)
			.timeout(ANSWER_TIMEOUT)
			.header("Accept", "application/json")
			.build();
		HttpResponse<InputStream> answer = http.send(request, HttpResponse.BodyHandlers.ofInputStream());
		try (InputStream in = answer.body()) {
			if (answer.statusCode() == 404) {
				throw new NotThereException("it answered 404 for " + what);
			}
			if (answer.statusCode() != 200) {
				throw new UnusableIssuerException("it answered " + answer.statusCode() + " for " + what);
			}
			byte[] bytes = in.readNBytes(MAX_BYTES + 1);
			if (bytes.length > MAX_BYTES) {
				throw new UnusableIssuerException(
						"the document with " + what + " is larger than " + MAX_BYTES + " bytes");
			}
			return new String(bytes, StandardCharsets.UTF_8);
		}
	}

	/** What the issuer answered cannot be used; the message says why. */
	static class UnusableIssuerException extends IOException {

		UnusableIssuerException(String message) {
			super(message);
		}

	}

	/** The issuer does not know the path. */
	private static final class NotThereException extends UnusableIssuerException {

		NotThereException(String message) {
			super(message);
		}

	}

}
