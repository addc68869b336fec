package dev.stowage.storage.s3;

import java.net.URI;
import java.util.List;
import java.util.Optional;

import dev.stowage.storage.s3.parts.S3Timeouts;
import io.micrometer.observation.ObservationRegistry;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Any S3 engine, named by {@code -Dtest.s3.endpoint}, with credentials from where the AWS
 * SDK finds them, such as {@code -Daws.accessKeyId} and {@code -Daws.secretAccessKey}.
 * Tests make buckets there, and leave them. {@code -Dtest.s3.upload.access-key} and
 * {@code -Dtest.s3.upload.secret-key} name its user {@code uploads}, who signs uploads.
 */
public final class NamedEngine {

	static final String SKIPPED = "SKIPPED: no S3 engine is named by -Dtest.s3.endpoint";

	private static final String ENDPOINT = System.getProperty("test.s3.endpoint", "");

	private static final String UPLOAD_KEY = System.getProperty("test.s3.upload.access-key", "");

	private static final int NOT_FOUND = 404;

	private NamedEngine() {
	}

	/** Logs if there is none; on CI there must be one. */
	public static boolean isThere() {
		boolean there = !ENDPOINT.isEmpty() || System.getenv("CI") != null;
		if (!there) {
			LoggerFactory.getLogger(NamedEngine.class).warn(SKIPPED);
		}
		return there;
	}

	/**
	 * The settings by which a whole server uses a bucket of it, which is created if it is
	 * missing.
	 */
	public static List<String> settings(String bucket) {
		return StoreUnderTest.settings(connect(bucket));
	}

	/** If an upload credential is named, it signs uploads. */
	static S3Connection connect(String bucket) {
		S3Connection connection = withOneCredential(bucket);
		if (UPLOAD_KEY.isEmpty()) {
			return connection;
		}
		try (S3Client client = client(connection)) {
			client.putBucketPolicy((request) -> request.bucket(bucket)
				.policy(ReadmePolicy.merged(ReadmePolicy.server(bucket, "tests"),
						ReadmePolicy.upload(bucket, "uploads"))));
		}
		return connection.signingUploadsWith(uploadCredentials());
	}

	/** A connection to a bucket, which is created if it is missing. */
	static S3Connection withOneCredential(String bucket) {
		S3Connection connection = connect(bucket, DefaultCredentialsProvider.builder().build());
		try (S3Client client = client(connection)) {
			makeIfMissing(client, bucket);
		}
		return connection;
	}

	/** Of the user {@code uploads} of a Ceph. */
	static AwsCredentials uploadCredentials() {
		return AwsBasicCredentials.create(UPLOAD_KEY, System.getProperty("test.s3.upload.secret-key", ""));
	}

	static S3Client client(S3Connection connection) {
		return new StorageConfiguration().s3Client(connection, S3Timeouts.USUAL, ObservationRegistry.NOOP);
	}

	/** A connection to an existing bucket, as another user. */
	static S3Connection connect(String bucket, AwsCredentialsProvider credentials) {
		return new S3Connection(Optional.of(URI.create(ENDPOINT)), Optional.empty(), Region.US_EAST_1, true, true,
				bucket, credentials, () -> {
				});
	}

	private static void makeIfMissing(S3Client client, String bucket) {
		try {
			client.headBucket((request) -> request.bucket(bucket));
		}
		catch (S3Exception ex) {
			if (ex.statusCode() != NOT_FOUND) {
				throw ex;
			}
			client.createBucket((request) -> request.bucket(bucket));
		}
	}

}
