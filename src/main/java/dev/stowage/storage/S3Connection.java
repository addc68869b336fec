package dev.stowage.storage;

import java.net.URI;
import java.util.Optional;

import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;

/**
 * Where the bucket is and how to speak to it.
 *
 * @param endpoint base URL that this server calls; absent: AWS's own for the region
 * @param publicEndpoint base URL that clients call; absent: as endpoint
 * @param signPayload whether bodies sent over plain http carry a signed SHA-256
 * @param credentials for all calls of this server, and to sign what reads
 * @param uploadCredentials to sign uploads by clients; absent: as credentials
 * @param engine what stops with this server; an external store does not
 */
record S3Connection(Optional<URI> endpoint, Optional<URI> publicEndpoint, Region region, boolean pathStyle,
		boolean signPayload, String bucket, AwsCredentialsProvider credentials,
		Optional<AwsCredentialsProvider> uploadCredentials, AutoCloseable engine) {

	/** With one credential for everything. */
	S3Connection(Optional<URI> endpoint, Optional<URI> publicEndpoint, Region region, boolean pathStyle,
			boolean signPayload, String bucket, AwsCredentialsProvider credentials, AutoCloseable engine) {
		this(endpoint, publicEndpoint, region, pathStyle, signPayload, bucket, credentials, Optional.empty(), engine);
	}

	/** The same, signing uploads with another credential. */
	S3Connection signingUploadsWith(AwsCredentials upload) {
		return new S3Connection(this.endpoint, this.publicEndpoint, this.region, this.pathStyle, this.signPayload,
				this.bucket, this.credentials, Optional.of(StaticCredentialsProvider.create(upload)), this.engine);
	}

	void close() throws Exception {
		this.engine.close();
	}

	URI describe() {
		return this.endpoint.orElseGet(() -> URI.create("https://s3." + this.region.id() + ".amazonaws.com"));
	}

}
