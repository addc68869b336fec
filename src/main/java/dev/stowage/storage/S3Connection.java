package dev.stowage.storage;

import java.net.URI;
import java.util.Optional;

import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.regions.Region;

/**
 * Where the bucket is and how to speak to it.
 *
 * @param endpoint base URL that this server calls; absent: AWS's own for the region
 * @param publicEndpoint base URL that clients call; absent: as endpoint
 * @param signPayload whether bodies sent over plain http carry a signed SHA-256
 * @param engine what stops with this server; an external store does not
 */
record S3Connection(Optional<URI> endpoint, Optional<URI> publicEndpoint, Region region, boolean pathStyle,
		boolean signPayload, String bucket, AwsCredentialsProvider credentials, AutoCloseable engine) {

	void close() throws Exception {
		this.engine.close();
	}

	URI describe() {
		return this.endpoint.orElseGet(() -> URI.create("https://s3." + this.region.id() + ".amazonaws.com"));
	}

}
