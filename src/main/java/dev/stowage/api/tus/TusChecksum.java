package dev.stowage.api.tus;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

import dev.stowage.api.RequestException;

/** The checksum of the body of one request: an algorithm, and a base64 value. */
final class TusChecksum {

	private static final Map<String, String> ALGORITHMS = new TreeMap<>(
			Map.of("sha1", "SHA-1", "md5", "MD5", "sha256", "SHA-256", "sha512", "SHA-512"));

	private final String algorithm;

	private final byte[] expected;

	private final MessageDigest digest;

	/**
	 * Reads the header.
	 * @throws RequestException when it is malformed, or names an unknown algorithm
	 */
	TusChecksum(String header) {
		int space = Math.max(0, header.indexOf(' '));
		this.algorithm = header.substring(0, space);
		String known = ALGORITHMS.get(this.algorithm);
		if (known == null) {
			throw malformed();
		}
		try {
			this.digest = MessageDigest.getInstance(known);
			this.expected = Base64.getDecoder().decode(header.substring(space + 1));
		}
		catch (IllegalArgumentException ex) {
			throw malformed();
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("This Java has no " + known, ex);
		}
		if (this.expected.length != this.digest.getDigestLength()) {
			throw malformed();
		}
	}

	private static RequestException malformed() {
		return RequestException.invalid(Tus.CHECKSUM, "'" + Tus.CHECKSUM + "' must be one of " + algorithms()
				+ ", then a space, then the checksum of the body as base64.");
	}

	/** The names of all algorithms, divided by commas. */
	static String algorithms() {
		return ALGORITHMS.keySet().stream().collect(Collectors.joining(","));
	}

	/** The same bytes. The read that finds their end fails if the checksum differs. */
	InputStream over(InputStream bytes) {
		return new FilterInputStream(bytes) {

			@Override
			public int read() throws IOException {
				byte[] one = new byte[1];
				return (read(one, 0, 1) < 0) ? -1 : one[0] & 0xFF;
			}

			@Override
			public int read(byte[] buffer, int offset, int length) throws IOException {
				int count = super.read(buffer, offset, length);
				if (count > 0) {
					TusChecksum.this.digest.update(buffer, offset, count);
				}
				else if (count < 0 && !isRight()) {
					throw new ChecksumMismatchException(TusChecksum.this.algorithm);
				}
				return count;
			}

			private boolean isRight() {
				return MessageDigest.isEqual(TusChecksum.this.digest.digest(), TusChecksum.this.expected);
			}

		};
	}

}
