package dev.stowage.upload;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

import dev.stowage.file.FileException;
import dev.stowage.file.Purpose;

/**
 * An upload that is being received: bytes first, and what is said of them, perhaps, last.
 */
public interface IncomingFile {

	/** The file's bytes, to be read once to their end. */
	InputStream bytes();

	/**
	 * Ends a read from the bytes that waits for the client; any thread may do so.
	 */
	void cancel();

	/** The most bytes that can come, as far as the client said. */
	long atMost();

	/** The purpose, where it was said before the bytes. */
	Optional<Purpose> knownPurpose();

	/**
	 * What the client says of the file; called once, after the bytes were read.
	 * @throws FileException when something is missing or wrong
	 * @throws IOException when the rest of the request cannot be read
	 */
	NewFile describe() throws IOException;

}
