package dev.stowage.storage.s3;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;

import dev.stowage.storage.ObjectKey;
import dev.stowage.storage.ObjectStoreException;
import dev.stowage.storage.SignedRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** How long URLs are valid, depending on the signing credentials. */
class UrlSignerTests {

	private static final Duration ASKED = Duration.ofHours(1);

	private static final ObjectKey KEY = new ObjectKey("staging/a");

	@Test
	void signsForAsLongAsIsAskedWithCredentialsThatDoNotEnd() {
		AwsCredentials lasting = AwsBasicCredentials.create("id", "secret");
		assertThat(link(lasting).validity()).isEqualTo(ASKED);
		assertThat(upload(lasting).validity()).isEqualTo(ASKED);
	}

	@ParameterizedTest
	@MethodSource
	void saysWhenCredentialsEndEarlier(Duration left, Duration longest) {
		AwsCredentials temporary = ending(left);
		assertThat(link(temporary).validity()).isBetween(longest.minusSeconds(30), longest);
		assertThat(upload(temporary).validity()).isBetween(longest.minusSeconds(30), longest);
	}

	static Stream<Object[]> saysWhenCredentialsEndEarlier() {
		return Stream.of(new Object[] { Duration.ofMinutes(10), Duration.ofMinutes(10) },
				new Object[] { Duration.ofHours(12), ASKED });
	}

	@Test
	void signsNothingWithCredentialsThatHaveEnded() {
		AwsCredentials ended = ending(Duration.ofSeconds(-1));
		assertThatExceptionOfType(ObjectStoreException.class).isThrownBy(() -> link(ended))
			.withMessageContaining("expired");
		assertThatExceptionOfType(ObjectStoreException.class).isThrownBy(() -> upload(ended))
			.withMessageContaining("expired");
	}

	private static AwsCredentials ending(Duration left) {
		return AwsSessionCredentials.builder()
			.accessKeyId("id")
			.secretAccessKey("secret")
			.sessionToken("token")
			.expirationTime(Instant.now().plus(left))
			.build();
	}

	private static SignedRequest link(AwsCredentials credentials) {
		return with(credentials).get(KEY, ASKED, "text/plain", "attachment");
	}

	private static SignedRequest upload(AwsCredentials credentials) {
		return with(credentials).put(KEY, ASKED);
	}

	private static UrlSigner with(AwsCredentials credentials) {
		URI endpoint = URI.create("http://127.0.0.1:1");
		S3Connection connection = new S3Connection(Optional.of(endpoint), Optional.empty(), Region.US_EAST_1, true,
				true, "bucket", StaticCredentialsProvider.create(credentials), () -> {
				});
		return new UrlSigner(S3Presigner.builder().region(Region.US_EAST_1).endpointOverride(endpoint).build(),
				connection);
	}

}
