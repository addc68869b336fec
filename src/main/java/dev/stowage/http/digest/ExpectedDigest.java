package dev.stowage.http.digest;

import java.security.MessageDigest;
import java.util.Base64;

/** A digest that bytes must have, as a header says. */
final class ExpectedDigest {

	private final String covered;

	private final String header;

	private final DigestAlgorithm algorithm;

	private final byte[] value;

	private ExpectedDigest(String covered, String header, DigestAlgorithm algorithm, byte[] value) {
		this.covered = covered;
		this.header = header;
		this.algorithm = algorithm;
		this.value = value;
	}

	/**
	 * Makes one of a header's value.
	 * @param covered what the bytes are, for a message
	 * @throws BodyDigestException.Invalid when it does not have the algorithm's length
	 */
	static ExpectedDigest of(String covered, String header, DigestAlgorithm algorithm, byte[] value)
			throws BodyDigestException.Invalid {
		if (value.length != algorithm.length()) {
			throw new BodyDigestException.Invalid(header,
					"The " + algorithm.key() + " in the " + header + " header of the " + covered + " has "
							+ value.length + " bytes. It must have " + algorithm.length() + ", sent as base64.");
		}
		return new ExpectedDigest(covered, header, algorithm, value);
	}

	DigestAlgorithm algorithm() {
		return this.algorithm;
	}

	byte[] value() {
		return this.value.clone();
	}

	boolean isOf(byte[] actual) {
		return MessageDigest.isEqual(actual, this.value);
	}

	/** The failure of bytes that have another digest. */
	BodyDigestException.Mismatch mismatch(byte[] actual) {
		Base64.Encoder base64 = Base64.getEncoder();
		return new BodyDigestException.Mismatch(this.header,
				"The " + this.covered + " has the " + this.algorithm.key() + " " + base64.encodeToString(actual)
						+ ", but its " + this.header + " header says " + base64.encodeToString(this.value)
						+ ". Nothing was kept. Please send the request again.");
	}

}
