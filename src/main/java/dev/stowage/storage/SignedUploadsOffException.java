package dev.stowage.storage;

/**
 * No upload URLs are issued, because the store would let their holders do more than
 * upload. This lasts until the operator changes the configuration and restarts the
 * server. The log says what to change.
 */
public class SignedUploadsOffException extends RuntimeException {

	public SignedUploadsOffException() {
		super("Upload URLs are off: the store takes headers that are not signed");
	}

}
