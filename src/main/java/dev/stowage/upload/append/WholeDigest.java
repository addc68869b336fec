package dev.stowage.upload.append;

import java.io.InputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

import dev.stowage.upload.pending.UploadId;

/**
 * The digests that its client sends for a whole file when it creates the upload. They are
 * compared when the file is whole, by whichever instance receives its end.
 *
 * @param values base64 of each digest, by the name of its algorithm, such as
 * {@code sha-256}
 */
public record WholeDigest(Map<String, String> values) {

	private static final String NEXT = ", ";

	public WholeDigest {
		values = Map.copyOf(values);
	}

	/** Of the digests of one file; empty if there are none. */
	public static Optional<WholeDigest> of(Map<String, byte[]> values) {
		return Optional
			.of(values.entrySet()
				.stream()
				.collect(Collectors.toMap(Map.Entry::getKey,
						(digest) -> Base64.getEncoder().encodeToString(digest.getValue()))))
			.filter((all) -> !all.isEmpty())
			.map(WholeDigest::new);
	}

	/** What {@link #toString()} made. */
	static WholeDigest parse(String text) {
		return new WholeDigest(Arrays.stream(text.split(NEXT))
			.map((member) -> member.split("=", 2))
			.collect(Collectors.toMap((member) -> member[0],
					(member) -> member[1].substring(1, member[1].length() - 1))));
	}

	/** As in RFC 9530. */
	@Override
	public String toString() {
		return new TreeMap<>(this.values).entrySet()
			.stream()
			.map((digest) -> digest.getKey() + "=:" + digest.getValue() + ":")
			.collect(Collectors.joining(NEXT));
	}

	/**
	 * Begins to compute the digests of a file, of which this many bytes were kept before.
	 */
	Running from(long offset) {
		return new Running(offset == 0);
	}

	private static MessageDigest begin(String algorithm) {
		try {
			return MessageDigest.getInstance(algorithm);
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("This Java has no " + algorithm, ex);
		}
	}

	/** The digests of the bytes that were read so far. */
	final class Running {

		private final Map<String, MessageDigest> digests = new TreeMap<>();

		private final boolean isOfClient;

		private Running(boolean isOfClient) {
			this.isOfClient = isOfClient;
			WholeDigest.this.values.keySet().forEach((algorithm) -> this.digests.put(algorithm, begin(algorithm)));
		}

		/** Whether the client's bytes are the whole file, and not only its end. */
		boolean isOfClient() {
			return this.isOfClient;
		}

		/** The client's bytes, which count only if they are the whole file. */
		InputStream ofClient(InputStream bytes) {
			return this.isOfClient ? over(bytes) : bytes;
		}

		/** The same bytes, which count as they are read. */
		InputStream over(InputStream bytes) {
			InputStream all = bytes;
			for (MessageDigest digest : this.digests.values()) {
				all = new DigestInputStream(all, digest);
			}
			return all;
		}

		/**
		 * Compares them, at the end of the file.
		 * @throws AppendException.OtherDigest when one differs
		 */
		void requireEqual(UploadId id) {
			this.digests.forEach((algorithm, digest) -> {
				String actual = Base64.getEncoder().encodeToString(digest.digest());
				String expected = WholeDigest.this.values.get(algorithm);
				if (!actual.equals(expected)) {
					throw new AppendException.OtherDigest(id, algorithm, expected, actual);
				}
			});
		}

	}

}
