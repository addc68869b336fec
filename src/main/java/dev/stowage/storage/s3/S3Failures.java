package dev.stowage.storage.s3;

import dev.stowage.storage.ObjectKey;
import dev.stowage.storage.ObjectStore;
import dev.stowage.storage.ObjectStoreException;
import dev.stowage.storage.StoreFullException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Calls that failed, in the words of {@link ObjectStore}. */
final class S3Failures {

	private S3Failures() {
	}

	static ObjectStoreException failure(String operation, ObjectKey key, RuntimeException cause) {
		String message = operation + " of " + key + " failed: " + cause;
		return isFull(cause) ? new StoreFullException(message, cause) : new ObjectStoreException(message, cause);
	}

	/** The embedded engine says so by its code, others by the status. */
	private static boolean isFull(RuntimeException cause) {
		return cause instanceof S3Exception refusal
				&& (refusal.statusCode() == StoreFullException.STATUS || (refusal.awsErrorDetails() != null
						&& StoreFullException.CODE.equals(refusal.awsErrorDetails().errorCode())));
	}

}
