package dev.stowage.storage.s3;

import org.junit.jupiter.api.condition.EnabledIf;

/** {@link ObjectStoreContract} over any engine. */
@EnabledIf(value = "dev.stowage.storage.s3.NamedEngine#isThere", disabledReason = NamedEngine.SKIPPED)
class NamedEngineObjectStoreTests extends ObjectStoreContract {

	@Override
	protected S3Connection connect() {
		return NamedEngine.connect("stowage-test-contract");
	}

}
