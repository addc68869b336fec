package dev.stowage.upload;

import java.io.InputStream;

/** Bytes that a client is sending. */
public interface ClientBytes {

	/** The bytes, which are read once, to the end. */
	InputStream bytes();

	/**
	 * Ends a read from the bytes that waits for the client; any thread may do so.
	 */
	void cancel();

	/**
	 * The most bytes that can arrive if the client declared a length; otherwise
	 * {@link Long#MAX_VALUE}.
	 */
	long atMost();

}
