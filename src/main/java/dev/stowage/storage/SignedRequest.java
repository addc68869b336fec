package dev.stowage.storage;

import java.net.URI;
import java.time.Duration;

/**
 * A request to the store that any holder of its URL may send, without a key, until it
 * expires. The URL is a secret: it is never logged.
 *
 * @param method the only HTTP method that the signature allows
 * @param url where to send it
 * @param validity how long the store accepts it after it was signed
 */
public record SignedRequest(String method, URI url, Duration validity) {

	@Override
	public String toString() {
		return this.method + " (signed, " + this.validity + ")";
	}

}
