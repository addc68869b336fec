package dev.stowage.storage.embedded;

import java.util.Optional;

import dev.stowage.storage.DataDisk;
import dev.stowage.storage.ObjectStore;
import dev.stowage.storage.StorageProperties;
import dev.stowage.storage.StorageStartException;
import dev.stowage.storage.s3.S3Connection;
import dev.stowage.storage.s3.StoreClient;

/** How a process that serves no clients reaches the store of the settings. */
public final class StoreAccess implements AutoCloseable {

	private final StoreClient client;

	private StoreAccess(StoreClient client) {
		this.client = client;
	}

	/**
	 * Connects to the configured bucket; to the embedded engine of a server that runs; or
	 * starts that engine on any free port.
	 * @param folderIsOurs whether this process has locked the data folder, so that it may
	 * start an engine there
	 * @throws StorageStartException when the store cannot be used
	 */
	public static StoreAccess open(StorageProperties properties, boolean folderIsOurs) {
		S3Connection connection = properties.s3()
			.externalBucket()
			.map((bucket) -> S3Connection.external(bucket, properties.s3()))
			.orElseGet(() -> folderIsOurs ? engine(properties) : EmbeddedS3.ofRunningServer(properties));
		return new StoreAccess(StoreClient.to(connection));
	}

	private static S3Connection engine(StorageProperties properties) {
		return EmbeddedS3
			.start(properties.onAnyEmbeddedPort(), EmbeddedLimits.forThisHeap(), DataDisk.none(), Optional.empty())
			.connection();
	}

	public ObjectStore store() {
		return this.client.store();
	}

	/** Stops the engine, if it was started. */
	@Override
	public void close() {
		this.client.close();
	}

}
