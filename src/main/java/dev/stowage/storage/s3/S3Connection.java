package dev.stowage.storage.s3;

import java.net.URI;
import java.util.Optional;

import dev.stowage.storage.StorageProperties;
import dev.stowage.storage.StorageProperties.Encryption;
import dev.stowage.storage.StorageStartException;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;

/**
 * Where the bucket is and how to access it.
 *
 * @param endpoint base URL that this server calls; absent: AWS's own for the region
 * @param publicEndpoint base URL that clients call; absent: as endpoint
 * @param signPayload whether bodies sent over plain http carry a signed SHA-256
 * @param credentials for all calls of this server, and to sign download URLs
 * @param uploadCredentials to sign upload URLs; absent: as credentials
 * @param encryption what each write requests
 * @param engine the embedded engine, which stops with this server; absent for an external
 * store
 */
public record S3Connection(Optional<URI> endpoint, Optional<URI> publicEndpoint, Region region, boolean pathStyle,
		boolean signPayload, String bucket, AwsCredentialsProvider credentials,
		Optional<AwsCredentialsProvider> uploadCredentials, Optional<Encryption> encryption, AutoCloseable engine) {

	/** Uses one credential for everything, and requests no encryption. */
	public S3Connection(Optional<URI> endpoint, Optional<URI> publicEndpoint, Region region, boolean pathStyle,
			boolean signPayload, String bucket, AwsCredentialsProvider credentials, AutoCloseable engine) {
		this(endpoint, publicEndpoint, region, pathStyle, signPayload, bucket, credentials, Optional.empty(),
				Optional.empty(), engine);
	}

	/**
	 * Connects to the configured bucket, with the credentials that the SDK finds.
	 * @throws StorageStartException when it finds none, or no region
	 */
	public static S3Connection external(String bucket, StorageProperties.S3 s3) {
		Region region = region(s3);
		S3Connection connection = new S3Connection(s3.endpointUri(), s3.publicEndpointUri(), region, s3.pathStyle(),
				s3.signPayload(), bucket, S3Credentials.found(region), Optional.empty(), s3.encryption(), () -> {
				});
		return s3.upload().credentials().map(connection::signingUploadsWith).orElse(connection);
	}

	private static Region region(StorageProperties.S3 s3) {
		try {
			return s3.regionName()
				.map(Region::of)
				.orElseGet(() -> DefaultAwsRegionProviderChain.builder().build().getRegion());
		}
		catch (SdkException ex) {
			throw new StorageStartException("The region of the bucket is not known. Set STOWAGE_S3_REGION", ex);
		}
	}

	/** The same connection, which signs upload URLs with another credential. */
	S3Connection signingUploadsWith(AwsCredentials upload) {
		return new S3Connection(this.endpoint, this.publicEndpoint, this.region, this.pathStyle, this.signPayload,
				this.bucket, this.credentials, Optional.of(StaticCredentialsProvider.create(upload)), this.encryption,
				this.engine);
	}

	void close() throws Exception {
		this.engine.close();
	}

	URI describe() {
		return this.endpoint.orElseGet(() -> URI.create("https://s3." + this.region.id() + ".amazonaws.com"));
	}

}
