package dev.stowage.storage;

import java.net.URI;
import java.util.Optional;
import java.util.stream.Stream;

import org.junit.jupiter.api.condition.EnabledIf;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;

/**
 * {@link ObjectStoreContract} over any engine, named by {@code -Dtest.s3.endpoint},
 * {@code -Dtest.s3.bucket}, {@code -Dtest.s3.access-key} and
 * {@code -Dtest.s3.secret-key}. The bucket is to be there.
 */
@EnabledIf(value = "endpointIsNamed", disabledReason = EndpointObjectStoreTests.SKIPPED)
class EndpointObjectStoreTests extends ObjectStoreContract {

	static final String SKIPPED = "SKIPPED: no S3 endpoint is named by -Dtest.s3.endpoint, -Dtest.s3.bucket,"
			+ " -Dtest.s3.access-key and -Dtest.s3.secret-key";

	static boolean endpointIsNamed() {
		boolean named = Stream.of("endpoint", "bucket", "access-key", "secret-key")
			.noneMatch((name) -> setting(name).isEmpty());
		if (!named) {
			LoggerFactory.getLogger(EndpointObjectStoreTests.class).warn(SKIPPED);
		}
		return named;
	}

	@Override
	S3Connection connect() {
		AwsBasicCredentials credentials = AwsBasicCredentials.create(setting("access-key"), setting("secret-key"));
		return new S3Connection(Optional.of(URI.create(setting("endpoint"))), Optional.empty(), Region.US_EAST_1, true,
				true, setting("bucket"), StaticCredentialsProvider.create(credentials), () -> {
				});
	}

	private static String setting(String name) {
		return System.getProperty("test.s3." + name, "");
	}

}
