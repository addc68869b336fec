package dev.stowage.storage;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

import dev.stowage.settings.InvalidSettingException;

/**
 * How the store must encrypt what is written to it.
 *
 * @param algorithm a word of S3
 * @param keyId the key of the key management service; absent: its default key
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html">the
 * headers of PutObject</a>
 */
public record Encryption(String algorithm, Optional<String> keyId) {

	private static final String KMS = "aws:kms";

	private static final Set<String> ALGORITHMS = Set.of("AES256", KMS, "aws:kms:dsse");

	/** An id, an alias or an ARN of a key. */
	private static final Pattern KEY = Pattern.compile("[A-Za-z0-9:/_.-]{1,2048}");

	public Encryption {
		InvalidSettingException.require(ALGORITHMS.contains(algorithm),
				"stowage.s3.sse must be AES256, aws:kms or aws:kms:dsse");
		InvalidSettingException.require(keyId.isEmpty() || algorithm.startsWith(KMS),
				"stowage.s3.sse-kms-key-id is set, but stowage.s3.sse is " + algorithm
						+ ", which has no key. Set it to aws:kms or aws:kms:dsse, or remove the key");
		InvalidSettingException.require(keyId.map((key) -> KEY.matcher(key).matches()).orElse(true),
				"stowage.s3.sse-kms-key-id must be the id, the alias or the ARN of a key");
	}

	/** What each write sends. */
	public Map<String, String> headers() {
		Map<String, String> headers = new LinkedHashMap<>();
		headers.put("x-amz-server-side-encryption", this.algorithm);
		this.keyId.ifPresent((key) -> headers.put("x-amz-server-side-encryption-aws-kms-key-id", key));
		return headers;
	}

}
