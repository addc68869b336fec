package dev.stowage.storage;

import java.nio.file.Path;

import org.junit.jupiter.api.io.TempDir;

/** {@link ObjectStoreContract} over the engine that runs where none is configured. */
class EmbeddedObjectStoreTests extends ObjectStoreContract {

	@TempDir
	static Path folder;

	@Override
	S3Connection connect() {
		return StoreUnderTest.startEmbedded(folder).connection();
	}

}
