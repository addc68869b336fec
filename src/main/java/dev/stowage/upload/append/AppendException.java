package dev.stowage.upload.append;

import dev.stowage.upload.pending.UploadId;
import org.jspecify.annotations.Nullable;

/** Why a request of an upload that continues fails. The message is for the client. */
public abstract sealed class AppendException extends RuntimeException {

	private AppendException(String message) {
		super(message);
	}

	/** No such upload for this owner. */
	public static final class NotFound extends AppendException {

		public NotFound(String id) {
			super("No such Upload object: " + id);
		}

	}

	/** The upload was cancelled or has expired. */
	public static final class Ended extends AppendException {

		Ended(AppendedUpload upload) {
			super("The upload " + upload.id() + " is " + upload.status().wireName() + ". Create a new upload.");
		}

	}

	/** The upload has become a file. */
	public static final class Completed extends AppendException {

		Completed(UploadId id) {
			super("The upload " + id + " is completed. Delete its file instead.");
		}

	}

	/** The upload does not continue where the client wants to append. */
	public static final class WrongOffset extends AppendException {

		private final long expected;

		private final long provided;

		WrongOffset(UploadId id, long expected, long provided) {
			super("The upload " + id + " has " + expected + " bytes, but Upload-Offset is " + provided
					+ ". Continue at " + expected + ".");
			this.expected = expected;
			this.provided = provided;
		}

		/** How many bytes the upload has. */
		public long expected() {
			return this.expected;
		}

		/** Where the client wanted to append. */
		public long provided() {
			return this.provided;
		}

	}

	/** The bytes do not fit into the length that the upload has. */
	public static final class BeyondLength extends AppendException {

		BeyondLength(UploadId id, long length) {
			super("The upload " + id + " was created for " + length + " bytes, and the request has more.");
		}

	}

	/** The client says two different lengths of one upload. */
	public static final class OtherLength extends AppendException {

		OtherLength(UploadId id, long known, long said) {
			super("The upload " + id + " has the length " + known + ", not " + said + ".");
		}

	}

	/** The file has another digest than its client said. The upload has ended. */
	public static final class OtherDigest extends AppendException {

		OtherDigest(UploadId id, String algorithm, @Nullable String expected, String actual) {
			super("The file of the upload " + id + " has the " + algorithm + " " + actual
					+ ", but its Repr-Digest says " + expected + ". The upload was cancelled. Create a new one.");
		}

	}

	/** A newer request continues the upload. */
	public static final class TakenOver extends AppendException {

		TakenOver(UploadId id) {
			super("A newer request continues the upload " + id + ". Ask for its offset before you continue.");
		}

	}

	/** The store does not have what was uploaded. */
	public static final class Damaged extends AppendException {

		Damaged(UploadId id) {
			super("The upload " + id + " is damaged: the store does not have the bytes that were uploaded."
					+ " Create a new upload.");
		}

	}

}
