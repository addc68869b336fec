package dev.stowage.api.tus;

import java.io.IOException;

/** The bytes of a request do not have the checksum that it gives. */
final class ChecksumMismatchException extends IOException {

	ChecksumMismatchException(String algorithm) {
		super("The " + algorithm + " of the body is not the one in '" + Tus.CHECKSUM
				+ "'. Nothing of it was kept. Please send it again.");
	}

}
