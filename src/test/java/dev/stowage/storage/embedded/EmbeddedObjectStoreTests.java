package dev.stowage.storage.embedded;

import java.nio.file.Path;

import dev.stowage.storage.s3.ObjectStoreContract;
import dev.stowage.storage.s3.S3Connection;
import dev.stowage.storage.s3.StoreUnderTest;
import org.junit.jupiter.api.io.TempDir;

/** {@link ObjectStoreContract} over the embedded engine. */
class EmbeddedObjectStoreTests extends ObjectStoreContract {

	@TempDir
	static Path folder;

	@Override
	protected S3Connection connect() {
		return StoreUnderTest.startEmbedded(folder).connection();
	}

}
