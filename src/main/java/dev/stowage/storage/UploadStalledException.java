package dev.stowage.storage;

/**
 * The upload was cancelled because its client sent too slowly while others waited for the
 * memory that it held.
 */
public class UploadStalledException extends RuntimeException {

	public UploadStalledException() {
		super("The upload was too slow while others waited for memory");
	}

}
