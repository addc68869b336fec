package dev.stowage.storage;

/**
 * The client sent so slowly, while others waited for the memory that its upload held,
 * that the upload was cancelled.
 */
public class UploadStalledException extends RuntimeException {

	public UploadStalledException() {
		super("The upload was too slow while others waited for memory");
	}

}
