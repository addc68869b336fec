package dev.stowage.storage.s3;

import dev.stowage.storage.ObjectInfo;
import dev.stowage.storage.ObjectKey;
import dev.stowage.storage.ObjectStoreException;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * {@link ObjectStoreContract} as a user with exactly the documented permissions. Runs on
 * Ceph if the keys of that user are given.
 */
@EnabledIf(value = "limitedUserIsNamed", disabledReason = PermissionTests.SKIPPED)
class PermissionTests extends ObjectStoreContract {

	static final String SKIPPED = "SKIPPED: no user of a Ceph is named by -Dtest.s3.limited.access-key and"
			+ " -Dtest.s3.limited.secret-key";

	private static final String BUCKET = "stowage-test-limited";

	/** Put by the bucket's owner, because a user may read its own objects. */
	private static final ObjectKey THEIRS = new ObjectKey("theirs");

	static boolean limitedUserIsNamed() {
		boolean named = !key("access").isEmpty() && !key("secret").isEmpty();
		if (!named) {
			LoggerFactory.getLogger(PermissionTests.class).warn(SKIPPED);
		}
		return named || System.getenv("CI") != null;
	}

	private static String key(String which) {
		return System.getProperty("test.s3.limited." + which + "-key", "");
	}

	@Override
	protected S3Connection connect() {
		allow(policy());
		return NamedEngine
			.connect(BUCKET, StaticCredentialsProvider.create(AwsBasicCredentials.create(key("access"), key("secret"))))
			.signingUploadsWith(NamedEngine.uploadCredentials());
	}

	@ParameterizedTest
	@ValueSource(strings = { "PutObject", "GetObject", "DeleteObject", "AbortMultipartUpload", "ListBucket",
			"ListBucketMultipartUploads" })
	void needsEachOfThem(String action) throws Exception {
		assertThat(policy()).contains("\"s3:" + action + '"');
		allow(policy());
		doEverything();
		try {
			allow(policy().replace("\"s3:" + action + '"', "\"s3:GetBucketLocation\""));
			assertThatExceptionOfType(ObjectStoreException.class).isThrownBy(this::doEverything);
		}
		finally {
			allow(policy());
		}
	}

	private void doEverything() throws Exception {
		ObjectKey key = Samples.newKey();
		store().ping();
		assertThat(store().find(key)).isEmpty();
		put(key, Samples.bytes(1));
		ObjectInfo theirs = store().find(THEIRS).orElseThrow();
		assertThat(store().copy(theirs, Samples.newKey())).isPresent();
		openUpload(key);
		store().deleteUploads(key);
	}

	private static void allow(String policy) {
		S3Connection owner = NamedEngine.withOneCredential(BUCKET);
		try (S3Client client = NamedEngine.client(owner)) {
			client.putBucketPolicy((request) -> request.bucket(BUCKET).policy(policy));
			client.putObject((request) -> request.bucket(BUCKET).key(THEIRS.value()), RequestBody.fromString("x"));
		}
	}

	/** The documented policies, for the users of the tests. */
	private static String policy() {
		return ReadmePolicy.merged(ReadmePolicy.server(BUCKET, "limited"), ReadmePolicy.upload(BUCKET, "uploads"));
	}

}
