package dev.stowage.storage;

import org.jspecify.annotations.Nullable;

/** The store cannot be used as configured. The message says what to change. */
public class StorageStartException extends RuntimeException {

	public StorageStartException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
