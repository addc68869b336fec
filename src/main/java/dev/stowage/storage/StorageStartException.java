package dev.stowage.storage;

import org.jspecify.annotations.Nullable;

/** The store cannot be used as configured; the message says what to change. */
public class StorageStartException extends RuntimeException {

	public StorageStartException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
