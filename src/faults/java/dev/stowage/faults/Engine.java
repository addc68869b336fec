package dev.stowage.faults;

import java.io.IOException;
import java.net.URI;
import java.util.Optional;

import dev.stowage.storage.s3.NamedEngine;
import software.amazon.awssdk.auth.credentials.AwsCredentials;

/** An S3 engine in a separate process, which can be killed. */
interface Engine extends AutoCloseable {

	String name();

	URI endpoint();

	String bucket();

	AwsCredentials credentials();

	/** Signs upload URLs where the engine would let the other credential do more. */
	default Optional<AwsCredentials> uploadCredentials() {
		return Optional.empty();
	}

	/** Whether it takes bodies whose hash is signed. */
	default boolean takesSignedPayload() {
		return true;
	}

	/** Kills the process that clients connect to. */
	void kill() throws IOException, InterruptedException;

	/** Starts it again, and waits until it answers. */
	void startAgain() throws IOException, InterruptedException;

	@Override
	void close() throws IOException;

	/** Ceph if it is named, otherwise S3Proxy. */
	static Engine start() throws IOException {
		return NamedEngine.isThere() ? new CephGateway() : new S3ProxyProcess();
	}

}
