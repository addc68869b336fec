package dev.stowage.file;

/**
 * How a file was created; it decides how the file answers if a request does not say.
 */
public enum Style {

	/** A row first, then a {@code PUT} to a signed URL of the store, then complete. */
	PRESIGNED,

	/** One upload through the server. */
	MULTIPART

}
