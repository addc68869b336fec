package dev.stowage.file;

/**
 * In which of the two families a file was created, and so answers where nothing is asked.
 */
public enum Style {

	/** A row first, then a {@code PUT} past us to a signed URL, then complete. */
	PRESIGNED,

	/** One upload through us. */
	MULTIPART

}
