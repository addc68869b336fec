package dev.stowage.storage;

import org.jspecify.annotations.Nullable;

/**
 * The store did not do what was asked: out of reach, overloaded, or refusing us. The same
 * call may succeed later. The message names operation and key, and is for the log only.
 */
public class ObjectStoreException extends RuntimeException {

	public ObjectStoreException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
