package dev.stowage.storage.s3;

import org.junit.jupiter.api.condition.EnabledIf;

/**
 * {@link ObjectStoreContract} over any engine. Where {@link PermissionTests} run, they
 * are this contract with fewer permissions.
 */
@EnabledIf(value = "engineHasNoLimitedUser", disabledReason = NamedEngine.SKIPPED + ", or PermissionTests run on it")
class NamedEngineObjectStoreTests extends ObjectStoreContract {

	static boolean engineHasNoLimitedUser() {
		return NamedEngine.isThere() && !PermissionTests.limitedUserIsNamed();
	}

	@Override
	protected S3Connection connect() {
		return NamedEngine.connect("stowage-test-contract");
	}

}
