package dev.stowage.bench;

import java.net.URI;
import java.time.Duration;

import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.presigner.PresignedRequest;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/** The direct way: pre-signed URLs of a bucket. */
final class Bucket implements AutoCloseable {

	private static final Duration VALIDITY = Duration.ofHours(1);

	private final URI endpoint;

	private final String name;

	private final S3Presigner presigner;

	Bucket(URI endpoint, String name, AwsCredentials credentials) {
		this.endpoint = endpoint;
		this.name = name;
		this.presigner = S3Presigner.builder()
			.endpointOverride(endpoint)
			.region(Region.US_EAST_1)
			.credentialsProvider(StaticCredentialsProvider.create(credentials))
			.serviceConfiguration(S3Configuration.builder().pathStyleAccessEnabled(true).build())
			.build();
	}

	URI endpoint() {
		return this.endpoint;
	}

	URI put(String key) {
		return uri(this.presigner.presignPutObject((presign) -> presign.signatureDuration(VALIDITY)
			.putObjectRequest((request) -> request.bucket(this.name).key(key))));
	}

	URI get(String key) {
		return uri(this.presigner.presignGetObject((presign) -> presign.signatureDuration(VALIDITY)
			.getObjectRequest((request) -> request.bucket(this.name).key(key))));
	}

	URI delete(String key) {
		return uri(this.presigner.presignDeleteObject((presign) -> presign.signatureDuration(VALIDITY)
			.deleteObjectRequest((request) -> request.bucket(this.name).key(key))));
	}

	private static URI uri(PresignedRequest request) {
		return URI.create(request.url().toString());
	}

	@Override
	public void close() {
		this.presigner.close();
	}

}
