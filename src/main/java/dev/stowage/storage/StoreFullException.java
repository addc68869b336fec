package dev.stowage.storage;

import org.jspecify.annotations.Nullable;

/**
 * The disk, or the store, has no room for the bytes. Reading and deleting go on, and the
 * same call succeeds when enough was deleted.
 */
public class StoreFullException extends ObjectStoreException {

	/** By which the embedded engine says so. */
	public static final String CODE = "InsufficientStorage";

	/** By which engines say so. */
	public static final int STATUS = 507;

	public StoreFullException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
