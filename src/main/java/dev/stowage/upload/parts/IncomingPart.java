package dev.stowage.upload.parts;

import java.io.IOException;

import dev.stowage.upload.ClientBytes;

/** A part that is being received. */
public interface IncomingPart extends ClientBytes {

	/**
	 * Reads the rest of the request; called once, after the bytes were read.
	 * @throws RuntimeException when the client sent more than one part
	 * @throws IOException when the rest cannot be read
	 */
	void end() throws IOException;

}
