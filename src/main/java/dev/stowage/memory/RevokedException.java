package dev.stowage.memory;

/**
 * The reservation was revoked because its uploader was slow while others waited for
 * memory.
 */
public class RevokedException extends RuntimeException {

	RevokedException() {
		super("The uploader was too slow while others waited for memory");
	}

}
