package dev.stowage.storage.s3;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;

import dev.stowage.storage.ObjectKey;
import dev.stowage.storage.ObjectStoreException;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Finds out whether an upload URL can be misused with headers that its signature does not
 * cover. With {@code x-amz-copy-source} the store would copy another owner's object to
 * where the client can complete it; with {@code x-amz-acl} or {@code x-amz-grant-read} it
 * would publish what a client sends. A safe engine refuses such requests, and so does one
 * whose upload credential does not permit them. An engine that ignores the header is
 * harmless.
 * <p>
 * The probe does what an attacker would do, and checks the effect. It writes a few bytes
 * under {@code files/probe-…} and {@code staging/probe-…} and removes them. It uses the
 * endpoint that this server itself calls, so it learns nothing about a proxy that only
 * clients use. It tries no headers that can only spoil a client's own upload, such as a
 * storage class, tags or encryption: complete copies none of these.
 */
final class HeaderProbe {

	private static final byte[] FINISHED = "finished".getBytes(StandardCharsets.US_ASCII);

	private static final byte[] STAGED = "staged".getBytes(StandardCharsets.US_ASCII);

	private static final byte[] SENT = "sent".getBytes(StandardCharsets.US_ASCII);

	private static final String ALL_USERS = "uri=\"http://acs.amazonaws.com/groups/global/AllUsers\"";

	private static final int REQUEST_TIMEOUT = 408;

	private static final int TOO_MANY_REQUESTS = 429;

	private static final int NOT_IMPLEMENTED = 501;

	private final S3Client s3;

	private final UrlSigner signer;

	private final String bucket;

	HeaderProbe(S3Client s3, UrlSigner signer, String bucket) {
		this.s3 = s3;
		this.signer = signer;
		this.bucket = bucket;
	}

	/**
	 * Runs the probe, which takes about 30 seconds at most.
	 * @return the headers that work although they are not signed; none on a safe store
	 * @throws ObjectStoreException when the store's answers do not allow a verdict
	 */
	List<String> misusable() {
		String name = ObjectKey.PROBE + UUID.randomUUID();
		ObjectKey finished = new ObjectKey("files/" + name);
		ObjectKey staged = new ObjectKey("staging/" + name);
		try (ProbeCalls calls = new ProbeCalls(this.s3, this.signer, this.bucket)) {
			calls.put(finished, FINISHED);
			// otherwise all might be refused for another reason
			int status = calls.putToUrl(staged, STAGED, Map.of());
			require(status == 200 && holds(calls, staged, STAGED), "A PUT to a signed URL answers " + status);
			Set<String> misusable = new LinkedHashSet<>();
			for (Attack attack : attacks(calls, finished, staged)) {
				if (works(calls, attack, new ObjectKey(staged + "-" + attack.name()))) {
					misusable.add(attack.header());
				}
			}
			require(holds(calls, finished, FINISHED) && holds(calls, staged, STAGED), "An object of the probe is gone");
			return List.copyOf(misusable);
		}
	}

	private List<Attack> attacks(ProbeCalls calls, ObjectKey finished, ObjectKey staged) {
		Predicate<ObjectKey> copied = (key) -> !holds(calls, key, SENT);
		String path = "/" + this.bucket + "/";
		return List.of(new Attack("finished", "x-amz-copy-source", path + finished, copied),
				new Attack("staged", "x-amz-copy-source", path + staged, copied),
				// which needs a permission of its own
				new Attack("version", "x-amz-copy-source", path + staged + "?versionId=null", copied),
				new Attack("acl", "x-amz-acl", "public-read", calls::isPublic),
				new Attack("grant", "x-amz-grant-read", ALL_USERS, calls::isPublic));
	}

	private static boolean works(ProbeCalls calls, Attack attack, ObjectKey key) {
		int status = calls.putToUrl(key, SENT, Map.of(attack.header(), attack.value()));
		boolean refused = status >= 400 && status < 500 && status != REQUEST_TIMEOUT && status != TOO_MANY_REQUESTS;
		require(status == 200 || refused || status == NOT_IMPLEMENTED,
				"A PUT with " + attack.header() + " answers " + status);
		return calls.content(key).isPresent() && attack.worked().test(key);
	}

	private static boolean holds(ProbeCalls calls, ObjectKey key, byte[] bytes) {
		return calls.content(key).map((content) -> Arrays.equals(content, bytes)).orElse(false);
	}

	private static void require(boolean condition, String message) {
		if (!condition) {
			throw new ObjectStoreException(message, null);
		}
	}

	/** A header that must have no effect, and how to see whether it had one. */
	private record Attack(String name, String header, String value, Predicate<ObjectKey> worked) {
	}

}
