package dev.stowage.storage.s3;

import java.util.Optional;

import dev.stowage.storage.s3.parts.S3Timeouts;
import io.micrometer.observation.ObservationRegistry;
import org.junit.jupiter.api.condition.EnabledIf;
import org.slf4j.LoggerFactory;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.localstack.LocalStackContainer;
import org.testcontainers.utility.DockerImageName;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * {@link ObjectStoreContract} over LocalStack, where a Docker engine runs.
 * {@code -Dtest.localstack.image} names another image that starts in the same way, such
 * as the one of {@code src/test/docker}, which has S3Proxy instead.
 */
@EnabledIf(value = "dockerRuns", disabledReason = LocalStackObjectStoreTests.SKIPPED)
class LocalStackObjectStoreTests extends ObjectStoreContract {

	// later images need an account
	private static final DockerImageName IMAGE = DockerImageName
		.parse(System.getProperty("test.localstack.image", "localstack/localstack:4.14.0"))
		.asCompatibleSubstituteFor("localstack/localstack");

	private static final String BUCKET = "stowage";

	static final String SKIPPED = "SKIPPED: no Docker engine runs here, so LocalStack is not tested";

	static boolean dockerRuns() {
		boolean runs = DockerClientFactory.instance().isDockerAvailable();
		if (!runs) {
			LoggerFactory.getLogger(LocalStackObjectStoreTests.class).warn(SKIPPED);
		}
		return runs;
	}

	@Override
	protected S3Connection connect() {
		// without this, it accepts any signature
		LocalStackContainer container = new LocalStackContainer(IMAGE).withServices("s3")
			.withEnv("S3_SKIP_SIGNATURE_VALIDATION", "0");
		container.start();
		S3Connection connection = new S3Connection(Optional.of(container.getEndpoint()), Optional.empty(),
				Region.of(container.getRegion()), true, true, BUCKET, StaticCredentialsProvider
					.create(AwsBasicCredentials.create(container.getAccessKey(), container.getSecretKey())),
				container);
		try (S3Client client = new StorageConfiguration().s3Client(connection, S3Timeouts.USUAL,
				ObservationRegistry.NOOP)) {
			client.createBucket((request) -> request.bucket(BUCKET));
		}
		return connection;
	}

}
