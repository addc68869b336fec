package dev.stowage.storage;

import org.jspecify.annotations.Nullable;

/**
 * The disk or the store has no room for the bytes. Reads and deletes still work, and the
 * same call succeeds once enough was deleted.
 */
public class StoreFullException extends ObjectStoreException {

	/** The error code with which the embedded engine reports this. */
	public static final String CODE = "InsufficientStorage";

	/** The status with which other engines report this. */
	public static final int STATUS = 507;

	public StoreFullException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
