package dev.stowage.storage.s3.parts;

import dev.stowage.storage.ObjectKey;
import dev.stowage.storage.ObjectStore;
import dev.stowage.storage.ObjectStoreException;
import dev.stowage.storage.StoreFullException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Turns failed calls into the exceptions of {@link ObjectStore}. */
public final class S3Failures {

	private S3Failures() {
	}

	public static ObjectStoreException failure(String operation, ObjectKey key, RuntimeException cause) {
		String message = operation + " of " + key + " failed: " + cause;
		return isFull(cause) ? new StoreFullException(message, cause) : new ObjectStoreException(message, cause);
	}

	/**
	 * The embedded engine reports this with its error code, other engines with the
	 * status.
	 */
	private static boolean isFull(RuntimeException cause) {
		return cause instanceof S3Exception refusal
				&& (refusal.statusCode() == StoreFullException.STATUS || (refusal.awsErrorDetails() != null
						&& StoreFullException.CODE.equals(refusal.awsErrorDetails().errorCode())));
	}

}
