package dev.stowage.storage;

import org.junit.jupiter.api.condition.EnabledIf;

/** {@link ObjectStoreContract} over any engine. */
@EnabledIf(value = "dev.stowage.storage.NamedEngine#isThere", disabledReason = NamedEngine.SKIPPED)
class NamedEngineObjectStoreTests extends ObjectStoreContract {

	@Override
	S3Connection connect() {
		return NamedEngine.connect("stowage-test-contract");
	}

}
