package dev.stowage.http.digest;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/** Computes digests of what is read, and compares them at the end. */
final class DigestedStream extends InputStream {

	private final InputStream in;

	private final List<ExpectedDigest> expected;

	private final Map<DigestAlgorithm, MessageDigest> running = new EnumMap<>(DigestAlgorithm.class);

	private boolean compared;

	private BodyDigestException.@Nullable Mismatch mismatch;

	DigestedStream(InputStream in, List<ExpectedDigest> expected) {
		this.in = in;
		this.expected = List.copyOf(expected);
		this.expected.forEach((digest) -> this.running.computeIfAbsent(digest.algorithm(), DigestAlgorithm::begin));
	}

	@Override
	public int read() throws IOException {
		byte[] one = new byte[1];
		return (read(one, 0, 1) < 0) ? -1 : one[0] & 0xFF;
	}

	@Override
	public int read(byte[] buffer, int offset, int length) throws IOException {
		if (length == 0) {
			// no stream has to find its end for that
			return 0;
		}
		int count = this.in.read(buffer, offset, length);
		if (count < 0) {
			requireEqual();
		}
		else {
			this.running.values().forEach((digest) -> digest.update(buffer, offset, count));
		}
		return count;
	}

	/** A second read at the end fails like the first one. */
	private void requireEqual() throws BodyDigestException.Mismatch {
		if (!this.compared) {
			this.compared = true;
			this.mismatch = firstMismatch();
		}
		if (this.mismatch != null) {
			throw this.mismatch;
		}
	}

	private BodyDigestException.@Nullable Mismatch firstMismatch() {
		Map<DigestAlgorithm, byte[]> actual = new EnumMap<>(DigestAlgorithm.class);
		this.running.forEach((algorithm, digest) -> actual.put(algorithm, digest.digest()));
		for (ExpectedDigest digest : this.expected) {
			byte[] value = actual.getOrDefault(digest.algorithm(), new byte[0]);
			if (!digest.isOf(value)) {
				return digest.mismatch(value);
			}
		}
		return null;
	}

	@Override
	public int available() throws IOException {
		return this.in.available();
	}

}
