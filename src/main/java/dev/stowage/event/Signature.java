package dev.stowage.event;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The signature {@code v1} of Standard Webhooks. */
final class Signature {

	private static final String HMAC = "HmacSHA256";

	private final SecretKeySpec key;

	Signature(byte[] secret) {
		this.key = new SecretKeySpec(secret, HMAC);
	}

	/**
	 * Signs one attempt to deliver an event.
	 * @param timestamp of the attempt, in Unix seconds
	 */
	String of(String id, long timestamp, byte[] body) {
		try {
			Mac mac = Mac.getInstance(HMAC);
			mac.init(this.key);
			mac.update((id + '.' + timestamp + '.').getBytes(StandardCharsets.UTF_8));
			return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(body));
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException("Every JVM has " + HMAC, ex);
		}
	}

}
