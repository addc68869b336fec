package dev.stowage.http.digest;

import java.io.InputStream;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

import dev.stowage.http.fields.StructuredDictionary;
import jakarta.servlet.http.HttpServletRequest;

/**
 * The digests that a client sends with some bytes: {@code Content-Digest} and
 * {@code Repr-Digest} (RFC 9530), which mean the same here because bodies have no content
 * encoding, unless the body is a part of a file ({@link WithDigestOfFile}), and
 * {@code Content-MD5} (RFC 2616). The bytes must have every one of them. Algorithms other
 * than sha-256 and sha-512 are ignored.
 */
public final class Digests {

	private static final String REPR_DIGEST = "Repr-Digest";

	private static final List<String> DICTIONARIES = List.of("Content-Digest", REPR_DIGEST);

	private static final String CONTENT_MD5 = "Content-MD5";

	private final String covered;

	private final List<ExpectedDigest> expected = new ArrayList<>();

	private Digests(String covered) {
		this.covered = covered;
	}

	/**
	 * The digests of a request's body.
	 * @param isWhole whether Repr-Digest is for the body, too; false if it is for a file
	 * of which the body may be a part only
	 * @throws BodyDigestException.Invalid when a header cannot be read
	 */
	static Digests ofBody(HttpServletRequest request, boolean isWhole) throws BodyDigestException.Invalid {
		return of("body", (name) -> (!isWhole && name.equals(REPR_DIGEST)) ? List.of() : lines(request, name));
	}

	/**
	 * The digests in Repr-Digest of a request with the beginning of a file, by the names
	 * of their algorithms in headers.
	 * @throws BodyDigestException.Invalid when the header cannot be read
	 */
	public static Map<String, byte[]> ofWholeFile(HttpServletRequest request) throws BodyDigestException.Invalid {
		return of("file", (name) -> name.equals(REPR_DIGEST) ? lines(request, name) : List.of()).expected.stream()
			.collect(Collectors.toMap((digest) -> digest.algorithm().key(), ExpectedDigest::value));
	}

	private static List<String> lines(HttpServletRequest request, String header) {
		return Collections.list(request.getHeaders(header));
	}

	/**
	 * The digests of a part of a form.
	 * @param headers gives the values of a header of the part
	 * @throws BodyDigestException.Invalid when a header cannot be read
	 */
	public static Digests ofPart(Function<String, List<String>> headers) throws BodyDigestException.Invalid {
		return of("part", headers);
	}

	private static Digests of(String covered, Function<String, List<String>> headers)
			throws BodyDigestException.Invalid {
		Digests digests = new Digests(covered);
		for (String name : DICTIONARIES) {
			digests.addDictionary(name, headers.apply(name));
		}
		digests.addMd5(headers.apply(CONTENT_MD5));
		return digests;
	}

	private void addDictionary(String header, List<String> lines) throws BodyDigestException.Invalid {
		if (lines.isEmpty()) {
			return;
		}
		for (Map.Entry<String, Optional<byte[]>> member : members(header, lines).entrySet()) {
			Optional<DigestAlgorithm> algorithm = DigestAlgorithm.named(member.getKey());
			if (algorithm.isPresent()) {
				byte[] value = member.getValue().orElseThrow(() -> unreadable(header));
				this.expected.add(ExpectedDigest.of(this.covered, header, algorithm.get(), value));
			}
		}
	}

	private Map<String, Optional<byte[]>> members(String header, List<String> lines)
			throws BodyDigestException.Invalid {
		try {
			return StructuredDictionary.parse(lines);
		}
		catch (IllegalArgumentException ex) {
			throw unreadable(header);
		}
	}

	private BodyDigestException.Invalid unreadable(String header) {
		return new BodyDigestException.Invalid(header,
				"The " + header + " header of the " + this.covered + " cannot be read. Send 'sha-256=:' or"
						+ " 'sha-512=:', then the bytes of the digest as base64, then ':'.");
	}

	private void addMd5(List<String> lines) throws BodyDigestException.Invalid {
		if (lines.isEmpty()) {
			return;
		}
		try {
			byte[] value = Base64.getDecoder().decode((lines.size() == 1) ? lines.getFirst().strip() : ",");
			this.expected.add(ExpectedDigest.of(this.covered, CONTENT_MD5, DigestAlgorithm.MD5, value));
		}
		catch (IllegalArgumentException ex) {
			throw new BodyDigestException.Invalid(CONTENT_MD5, "The Content-MD5 header of the " + this.covered
					+ " cannot be read. Send it once, with the 16 bytes of the MD5 as base64.");
		}
	}

	/** Whether there is nothing to compare. */
	public boolean isEmpty() {
		return this.expected.isEmpty();
	}

	/**
	 * The same bytes. The read that finds their end fails with a
	 * {@link BodyDigestException.Mismatch} if one digest differs.
	 */
	public InputStream over(InputStream bytes) {
		return isEmpty() ? bytes : new DigestedStream(bytes, this.expected);
	}

}
