package dev.stowage.http.digest;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Optional;

/** The algorithms whose digests are compared; {@link #MD5} only in Content-MD5. */
enum DigestAlgorithm {

	SHA_256("sha-256", 32), SHA_512("sha-512", 64), MD5("md5", 16);

	private final String key;

	private final int length;

	DigestAlgorithm(String key, int length) {
		this.key = key;
		this.length = length;
	}

	/** The one that a key of a Content-Digest names, if it is known. */
	static Optional<DigestAlgorithm> named(String key) {
		return Arrays.stream(values()).filter((algorithm) -> algorithm != MD5 && algorithm.key.equals(key)).findFirst();
	}

	/** Its name in headers. */
	String key() {
		return this.key;
	}

	/** How many bytes its digests have. */
	int length() {
		return this.length;
	}

	MessageDigest begin() {
		try {
			return MessageDigest.getInstance(this.key);
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("This Java has no " + this.key, ex);
		}
	}

}
