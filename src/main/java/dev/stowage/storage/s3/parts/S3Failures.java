package dev.stowage.storage.s3.parts;

import java.util.Optional;
import java.util.function.Supplier;

import dev.stowage.storage.ObjectDamagedException;
import dev.stowage.storage.ObjectReplacedException;
import dev.stowage.storage.ObjectStore;
import dev.stowage.storage.ObjectStoreException;
import dev.stowage.storage.StoreFullException;
import software.amazon.awssdk.services.s3.model.NoSuchBucketException;
import software.amazon.awssdk.services.s3.model.NoSuchUploadException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Turns failed calls into the exceptions of {@link ObjectStore}. */
public final class S3Failures {

	private static final int NOT_FOUND = 404;

	private static final int PRECONDITION_FAILED = 412;

	private S3Failures() {
	}

	/**
	 * A missing object and a failed condition are answers, not failures.
	 * @param of the key, or the prefix of keys
	 */
	public static <T> Optional<T> ifThere(String operation, Object of, Supplier<T> call) {
		try {
			return Optional.of(call.get());
		}
		catch (ObjectDamagedException | ObjectReplacedException ex) {
			throw ex;
		}
		catch (NoSuchBucketException ex) {
			throw failure(operation, of, ex);
		}
		catch (S3Exception ex) {
			if (ex.statusCode() == NOT_FOUND || ex.statusCode() == PRECONDITION_FAILED) {
				return Optional.empty();
			}
			throw failure(operation, of, ex);
		}
		catch (RuntimeException ex) {
			throw failure(operation, of, ex);
		}
	}

	public static ObjectStoreException failure(String operation, Object of, RuntimeException cause) {
		String message = operation + " of " + of + " failed: " + cause;
		return isFull(cause) ? new StoreFullException(message, cause) : new ObjectStoreException(message, cause);
	}

	/**
	 * Whether a completion found no upload or not all of its parts, which is also so when
	 * the upload was completed before.
	 */
	static boolean saysThatPartsAreGone(S3Exception refusal) {
		return refusal instanceof NoSuchUploadException || hasCode(refusal, "InvalidPart");
	}

	/**
	 * The embedded engine reports this with its error code, other engines with the
	 * status.
	 */
	private static boolean isFull(RuntimeException cause) {
		return cause instanceof S3Exception refusal
				&& (refusal.statusCode() == StoreFullException.STATUS || hasCode(refusal, StoreFullException.CODE));
	}

	private static boolean hasCode(S3Exception refusal, String code) {
		return refusal.awsErrorDetails() != null && code.equals(refusal.awsErrorDetails().errorCode());
	}

}
