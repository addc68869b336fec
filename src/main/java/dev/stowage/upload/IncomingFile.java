package dev.stowage.upload;

import java.io.IOException;
import java.util.Optional;

import dev.stowage.file.FileException;
import dev.stowage.file.Purpose;

/**
 * An upload that is being received. The bytes may come before the fields that describe
 * them.
 */
public interface IncomingFile extends ClientBytes {

	/** The purpose, if the client sent it before the bytes. */
	Optional<Purpose> knownPurpose();

	/**
	 * What the client says about the file; called once, after the bytes were read.
	 * @throws FileException when something is missing or wrong
	 * @throws IOException when the rest of the request cannot be read
	 */
	NewFile describe() throws IOException;

	/** A request in which a file is, and of which nothing was read. */
	@FunctionalInterface
	interface Source {

		/**
		 * Reads up to the file's bytes; called once.
		 * @throws FileException when something is missing or wrong
		 * @throws IOException when the request cannot be read
		 */
		IncomingFile open() throws IOException;

		/** As many bytes as the file has at least, as far as that is known unread. */
		default long leastBytes() {
			return 0;
		}

	}

}
