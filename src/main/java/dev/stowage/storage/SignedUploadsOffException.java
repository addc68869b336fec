package dev.stowage.storage;

/**
 * No upload URL is given out, because the store lets whoever holds one do more than
 * upload. It stays so until the operator changes something and starts the server again.
 * The log says what.
 */
public class SignedUploadsOffException extends RuntimeException {

	public SignedUploadsOffException() {
		super("Upload URLs are off: the store takes headers that are not signed");
	}

}
