package dev.stowage.file;

/** Why a file cannot be read or created. The message is for the client. */
public abstract sealed class FileException extends RuntimeException {

	private FileException(String message) {
		super(message);
	}

	/** No such file for this owner. */
	public static final class NotFound extends FileException {

		public NotFound(String id) {
			super("No such File object: " + id);
		}

	}

	/** The {@code PUT} of a pending file has not arrived. */
	public static final class NotUploaded extends FileException {

		public NotUploaded(FileId id) {
			super("Nothing was uploaded for " + id + " yet. PUT the bytes to its upload_url, then complete it.");
		}

		private NotUploaded(String message) {
			super(message);
		}

		/** The URL no longer works either. */
		public static NotUploaded afterEnd(FileId id) {
			return new NotUploaded("Nothing was uploaded for " + id + ", and its upload_url has ended."
					+ " Create a new file, and PUT the bytes to the upload_url of that one.");
		}

	}

	/** The file is pending, so it has no content. */
	public static final class NotCompleted extends FileException {

		NotCompleted() {
			super("File not completed.");
		}

	}

	/** The file is already completed. */
	public static final class AlreadyCompleted extends FileException {

		public AlreadyCompleted(FileId id) {
			super("The file " + id + " is already completed.");
		}

	}

	/** Another request is completing the file. */
	public static final class BeingCompleted extends FileException {

		public BeingCompleted(FileId id) {
			super("The file " + id + " is being completed by another request. Please check its status in a moment.");
		}

	}

	/** The owner is completing as many files as it may at the same time. */
	public static final class TooManyCompletions extends FileException {

		public TooManyCompletions() {
			super("You are completing too many files at once. Please try again in a moment.");
		}

	}

	/** The owner has as many pending files as it may have. */
	public static final class TooManyPending extends FileException {

		public TooManyPending(int limit) {
			super("You have " + limit + " pending files, which is the limit. Complete or delete some of them,"
					+ " or wait until they expire.");
		}

	}

	/** The object was replaced while it was being verified. */
	public static final class Replaced extends FileException {

		public Replaced(FileId id) {
			super("The upload of " + id + " was replaced while it was being verified. Please complete it again.");
		}

	}

	/** The bytes are not valid JSON. */
	public static final class NotJson extends FileException {

		public NotJson(String message) {
			super(message);
		}

	}

	/** More bytes than such a file may have. */
	public static final class TooLarge extends FileException {

		public TooLarge() {
			super("File is too large.");
		}

	}

	/** More bytes than any upload may have. */
	public static final class OverLimit extends FileException {

		public OverLimit(long limit) {
			super("File is too large. The limit is " + limit + " bytes.");
		}

	}

	/**
	 * The upload was swept as abandoned, because this server did not renew its lease in
	 * time.
	 */
	public static final class LeaseLost extends FileException {

		public LeaseLost() {
			super("The server was too busy to keep track of this upload and cancelled it. Please send it again.");
		}

	}

	/** The bytes are missing, or are not those that were stored. */
	public static final class Damaged extends FileException {

		Damaged(FileId id) {
			super("The content of " + id + " is damaged: the store does not have the bytes that were uploaded.");
		}

	}

	/** The client was too slow while others waited for the memory of its upload. */
	public static final class Stalled extends FileException {

		public Stalled() {
			super("The upload was cancelled because it was too slow while others waited. Please send it again.");
		}

	}

	/** Another request with the same {@code Idempotency-Key} is in progress. */
	public static final class KeyInUse extends FileException {

		public KeyInUse() {
			super("Another request with this Idempotency-Key is in progress. Please try again in a moment.");
		}

	}

	/** The {@code Idempotency-Key} was used for a request that differs from this one. */
	public static final class KeyReused extends FileException {

		public KeyReused() {
			super("This Idempotency-Key was used for a different request. Send a new key with each new request,"
					+ " and the same one only to repeat it.");
		}

	}

	/** A value that the client chose is wrong. */
	public static final class InvalidParameter extends FileException {

		private final String parameter;

		public InvalidParameter(String parameter, String message) {
			super(message);
			this.parameter = parameter;
		}

		/** Its name as the client spells it. */
		public String parameter() {
			return this.parameter;
		}

	}

}
