package dev.stowage.storage;

import java.nio.file.Path;

import org.junit.jupiter.api.io.TempDir;

/** {@link ObjectStoreContract} with bodies signed, as for an engine across a network. */
class SignedPayloadObjectStoreTests extends ObjectStoreContract {

	@TempDir
	static Path folder;

	@Override
	S3Connection connect() {
		S3Connection embedded = StoreUnderTest.startEmbedded(folder).connection();
		return new S3Connection(embedded.endpoint(), embedded.publicEndpoint(), embedded.region(), embedded.pathStyle(),
				true, embedded.bucket(), embedded.credentials(), embedded.engine());
	}

}
