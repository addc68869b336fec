package dev.stowage.file;

/**
 * How the bytes of a file come in. The database stores the names, so they must not
 * change.
 */
public enum UploadMethod {

	/** A row first, then a {@code PUT} to a signed URL of the store, then complete. */
	PRESIGNED,

	/** One upload through the server. */
	MULTIPART,

	/** Parts through the server, each in a request of its own, then complete. */
	PARTS,

	/**
	 * A row first, then a {@code PUT} for each part to a signed URL of its own, then
	 * complete.
	 */
	PRESIGNED_PARTS,

	/**
	 * Through the server, in requests of which each continues where the last one ended.
	 */
	APPENDED;

	/** Whether clients send the bytes directly to the store. */
	public boolean isPresigned() {
		return this == PRESIGNED || this == PRESIGNED_PARTS;
	}

	/** Whether the bytes come in several requests, which leave more than the file. */
	public boolean leavesParts() {
		return this == PARTS || this == PRESIGNED_PARTS || this == APPENDED;
	}

}
