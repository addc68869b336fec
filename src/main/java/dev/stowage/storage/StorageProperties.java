package dev.stowage.storage;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

import dev.stowage.settings.InvalidSettingException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.convert.DurationUnit;

/**
 * Where bytes are kept.
 *
 * @param dataDir folder of the SQLite file and of the embedded store
 * @param corsOrigins browsers' origins that may use the embedded store
 * @param uploadTimeout how long a client of the embedded store may send or take nothing
 * @param s3 the store
 */
@ConfigurationProperties("stowage")
public record StorageProperties(@DefaultValue("./data") Path dataDir, @DefaultValue List<String> corsOrigins,
		@DurationUnit(ChronoUnit.SECONDS) @DefaultValue("5m") Duration uploadTimeout, @DefaultValue S3 s3) {

	public StorageProperties {
		corsOrigins = List.copyOf(corsOrigins);
	}

	/** The same settings, with any free port for the embedded store. */
	public StorageProperties onAnyEmbeddedPort() {
		S3 other = new S3(this.s3.bucket, this.s3.endpoint, this.s3.publicEndpoint, this.s3.region, this.s3.pathStyle,
				this.s3.signPayload, this.s3.sse, this.s3.sseKmsKeyId, 0, this.s3.upload);
		return new StorageProperties(this.dataDir, this.corsOrigins, this.uploadTimeout, other);
	}

	/**
	 * An S3 bucket. Without a name, an embedded engine is started and used.
	 *
	 * @param bucket name of the bucket; absent, or {@code embedded}: the embedded store
	 * @param endpoint base URL of the store; absent: AWS
	 * @param publicEndpoint base URL that pre-signed URLs carry; absent: the endpoint
	 * @param region signing region; absent: from the AWS SDK's default chain
	 * @param pathStyle whether the bucket is in the path, not in the host name
	 * @param signPayload whether bodies sent over plain http carry a signed SHA-256;
	 * bodies sent over https, or to the embedded store, never do
	 * @param sse how the store encrypts what is written; absent: as the bucket says
	 * @param sseKmsKeyId the key for it
	 * @param embeddedPort loopback port of the embedded store; 0 for any free one
	 * @param upload the credential that signs upload URLs; absent: the credential for all
	 * calls
	 */
	public record S3(@Nullable String bucket, @Nullable URI endpoint, @Nullable URI publicEndpoint,
			@Nullable String region, @DefaultValue("false") boolean pathStyle,
			@DefaultValue("true") boolean signPayload, @Nullable String sse, @Nullable String sseKmsKeyId,
			@DefaultValue("9000") int embeddedPort, @DefaultValue Upload upload) {

		/** The name of the bucket that selects the embedded store. */
		public static final String EMBEDDED = "embedded";

		public S3 {
			bucket = blankToNull(bucket);
			region = blankToNull(region);
			sse = blankToNull(sse);
			sseKmsKeyId = blankToNull(sseKmsKeyId);
			requireHttp("endpoint", endpoint);
			requireHttp("public-endpoint", publicEndpoint);
			if (embeddedPort < 0 || embeddedPort > 65535) {
				throw new InvalidSettingException("stowage.s3.embedded-port must be 0 to 65535");
			}
			if (EMBEDDED.equals(bucket) && endpoint != null) {
				throw new InvalidSettingException("stowage.s3.bucket=embedded means the store inside this server,"
						+ " which has no stowage.s3.endpoint. Name another bucket, or remove the endpoint");
			}
			if (bucket == null && endpoint != null) {
				throw new InvalidSettingException(
						"stowage.s3.endpoint is set but stowage.s3.bucket is not. Name the bucket to use there");
			}
			if (bucket == null && upload.credentials().isPresent()) {
				throw new InvalidSettingException("stowage.s3.upload.access-key-id is set but stowage.s3.bucket is not."
						+ " The embedded store has only one key");
			}
			requireEncryption(bucket, sse, sseKmsKeyId);
		}

		private static void requireEncryption(@Nullable String bucket, @Nullable String sse, @Nullable String key) {
			InvalidSettingException.require(sse != null || key == null,
					"stowage.s3.sse-kms-key-id is set but stowage.s3.sse is not. Set it to aws:kms or aws:kms:dsse");
			if (sse != null) {
				new Encryption(sse, Optional.ofNullable(key));
				InvalidSettingException.require(bucket != null && !EMBEDDED.equals(bucket),
						"stowage.s3.sse is set, but the embedded store encrypts nothing."
								+ " Name a bucket with stowage.s3.bucket, or remove the setting");
			}
		}

		/** What each write must request. */
		public Optional<Encryption> encryption() {
			return Optional.ofNullable(this.sse)
				.map((algorithm) -> new Encryption(algorithm, Optional.ofNullable(this.sseKmsKeyId)));
		}

		/** Whether other instances may use the store, too. */
		public boolean isExternal() {
			return externalBucket().isPresent();
		}

		public Optional<String> externalBucket() {
			return Optional.ofNullable(this.bucket).filter((name) -> !name.equals(EMBEDDED));
		}

		public Optional<URI> endpointUri() {
			return Optional.ofNullable(this.endpoint);
		}

		public Optional<URI> publicEndpointUri() {
			return Optional.ofNullable(this.publicEndpoint);
		}

		public Optional<String> regionName() {
			return Optional.ofNullable(this.region);
		}

		/** An empty environment variable, as compose files pass it, means not set. */
		static @Nullable String blankToNull(@Nullable String value) {
			return (value == null || value.isBlank()) ? null : value;
		}

		private static void requireHttp(String name, @Nullable URI uri) {
			if (uri == null) {
				return;
			}
			boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
			if (!http || uri.getHost() == null) {
				throw new InvalidSettingException(
						"stowage.s3." + name + " must be an absolute http or https URL, such as http://localhost:9000");
			}
		}

		/**
		 * A credential for signing upload URLs alone, whose policy allows nothing but
		 * {@code s3:PutObject} under {@code staging/}. Both parts are set, or neither.
		 *
		 * @param accessKeyId its public part
		 * @param secretAccessKey its secret part
		 */
		public record Upload(@Nullable String accessKeyId, @Nullable String secretAccessKey) {

			public Upload {
				accessKeyId = blankToNull(accessKeyId);
				secretAccessKey = blankToNull(secretAccessKey);
				if ((accessKeyId == null) != (secretAccessKey == null)) {
					throw new InvalidSettingException("stowage.s3.upload.access-key-id and"
							+ " stowage.s3.upload.secret-access-key must both be set, or neither");
				}
			}

			public Optional<AwsCredentials> credentials() {
				return (this.accessKeyId == null || this.secretAccessKey == null) ? Optional.empty()
						: Optional.of(AwsBasicCredentials.create(this.accessKeyId, this.secretAccessKey));
			}

			/** Omits the secret. */
			@Override
			public String toString() {
				return "Upload[" + this.accessKeyId + "]";
			}

		}

	}

	/**
	 * How the store must encrypt what is written to it.
	 *
	 * @param algorithm a word of S3
	 * @param keyId the key of the key management service; absent: its default key
	 * @see <a href=
	 * "https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html">the headers of
	 * PutObject</a>
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

}
