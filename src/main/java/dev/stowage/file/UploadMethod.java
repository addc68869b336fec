package dev.stowage.file;

/**
 * How the bytes of a file come in. The database stores the names, so they must not
 * change.
 */
public enum UploadMethod {

	/** A row first, then a {@code PUT} to a signed URL of the store, then complete. */
	PRESIGNED,

	/** One upload through the server. */
	MULTIPART

}
