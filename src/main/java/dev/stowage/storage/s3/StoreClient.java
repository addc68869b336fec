package dev.stowage.storage.s3;

import dev.stowage.storage.ObjectStore;
import dev.stowage.storage.ObjectStoreException;
import dev.stowage.storage.StorageStartException;
import dev.stowage.storage.s3.parts.S3Timeouts;
import io.micrometer.observation.ObservationRegistry;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/**
 * The store as a process sees it that serves no clients. Nothing is written to it at the
 * start, because no upload URL is tried.
 */
public final class StoreClient implements AutoCloseable {

	private final S3Connection connection;

	private final S3Client client;

	private final S3Presigner presigner;

	private final ObjectStore store;

	private StoreClient(S3Connection connection) {
		StorageConfiguration configuration = new StorageConfiguration();
		this.connection = connection;
		this.client = configuration.s3Client(connection, S3Timeouts.USUAL, ObservationRegistry.NOOP);
		this.presigner = configuration.s3Presigner(connection, this.client);
		this.store = new S3ObjectStore(this.client, new UrlSigner(this.presigner, connection),
				configuration.uploadGate(connection, this.client), connection.bucket(), configuration.uploadMemory(),
				S3Timeouts.USUAL);
	}

	/**
	 * Connects, and closes the connection with the client.
	 * @throws StorageStartException when the store refuses the credentials, or does not
	 * answer
	 */
	public static StoreClient to(S3Connection connection) {
		StoreClient client = new StoreClient(connection);
		try {
			client.store.ping();
			return client;
		}
		catch (ObjectStoreException ex) {
			client.close();
			throw StorageConfiguration.refusal(connection, ex)
				.orElseGet(() -> new StorageStartException(
						"The object store at " + connection.describe() + " does not answer: " + ex.getMessage(), ex));
		}
	}

	public ObjectStore store() {
		return this.store;
	}

	@Override
	public void close() {
		this.presigner.close();
		this.client.close();
		try {
			this.connection.close();
		}
		catch (Exception ex) {
			throw new IllegalStateException("The engine did not stop", ex);
		}
	}

}
