package dev.stowage.storage;

import java.net.URI;
import java.time.Duration;
import java.util.Map;

/**
 * A request to the store that any holder of its URL may send, without a key, until it
 * expires. The URL is a secret: it is never logged.
 *
 * @param method the only HTTP method that the signature allows
 * @param url where to send it
 * @param validity how long the store accepts it after it was signed
 * @param headers the headers that must be sent with it, with these values
 */
public record SignedRequest(String method, URI url, Duration validity, Map<String, String> headers) {

	public SignedRequest {
		headers = Map.copyOf(headers);
	}

	@Override
	public String toString() {
		return this.method + " (signed, " + this.validity + ")";
	}

}
