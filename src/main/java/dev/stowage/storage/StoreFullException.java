package dev.stowage.storage;

import org.jspecify.annotations.Nullable;

/**
 * The disk, or the store, has no room for the bytes. Reading and deleting go on, and the
 * same call succeeds when enough was deleted.
 */
public class StoreFullException extends ObjectStoreException {

	StoreFullException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
