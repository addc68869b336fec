package dev.stowage.upload.parts;

import dev.stowage.upload.pending.UploadId;
import dev.stowage.upload.pending.UploadStatus;

/** Why a request of an upload in parts fails. The message is for the client. */
public abstract sealed class UploadException extends RuntimeException {

	private UploadException(String message) {
		super(message);
	}

	/** No such upload for this owner. */
	public static final class NotFound extends UploadException {

		public NotFound(String id) {
			super("No such Upload object: " + id);
		}

	}

	/** The upload takes nothing more. */
	public static final class NotPending extends UploadException {

		NotPending(Upload upload) {
			super("The upload " + upload.id() + " is " + upload.status().wireName() + hint(upload.status()));
		}

		private static String hint(UploadStatus status) {
			return (status == UploadStatus.COMPLETED) ? "." : ". Create a new upload.";
		}

	}

	/** Another request is completing the upload. */
	public static final class BeingCompleted extends UploadException {

		BeingCompleted(UploadId id) {
			super("The upload " + id + " is being completed by another request. Please try again in a moment.");
		}

	}

	/** The store does not have the bytes of a part. */
	public static final class Damaged extends UploadException {

		Damaged(UploadId id) {
			super("A part of " + id + " is damaged: the store does not have the bytes that were uploaded."
					+ " Create a new upload.");
		}

	}

	/** The part has more bytes than a part may have. */
	public static final class PartTooLarge extends UploadException {

		public PartTooLarge(long limit) {
			super("The part is too large. The limit is " + limit + " bytes.");
		}

	}

	/** The upload has as many parts as it may have. */
	public static final class TooManyParts extends UploadException {

		TooManyParts(int limit) {
			super("The upload has " + limit
					+ " parts, which is the limit. Complete it, or create a new upload with larger" + " parts.");
		}

	}

}
