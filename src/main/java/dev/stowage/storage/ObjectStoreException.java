package dev.stowage.storage;

import org.jspecify.annotations.Nullable;

/**
 * The store did not do what was asked: it is unreachable or overloaded, or it refused the
 * call. The same call may succeed later. The message names the operation and the key, and
 * is for the log only.
 */
public class ObjectStoreException extends RuntimeException {

	public ObjectStoreException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
