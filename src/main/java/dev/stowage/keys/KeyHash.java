package dev.stowage.keys;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The SHA-256 of a key, which is kept instead of it. Keys are long and random, so a slow
 * hash would only add load.
 */
public record KeyHash(String hex) {

	public static KeyHash of(String key) {
		try {
			byte[] digest = MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
			return new KeyHash(HexFormat.of().formatHex(digest));
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("Every JVM has SHA-256", ex);
		}
	}

	/** Compares in a time that does not depend on the contents. */
	public boolean matches(KeyHash other) {
		return MessageDigest.isEqual(this.hex.getBytes(StandardCharsets.US_ASCII),
				other.hex.getBytes(StandardCharsets.US_ASCII));
	}

	/** Reveals nothing. */
	@Override
	public String toString() {
		return "KeyHash[…]";
	}

}
