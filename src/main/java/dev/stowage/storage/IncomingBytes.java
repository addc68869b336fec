package dev.stowage.storage;

import java.io.InputStream;

/**
 * Bytes that a client sends, for {@link ObjectStore#put}.
 *
 * @param stream is read to its end, and left open
 * @param limit the most bytes to accept
 * @param sender any name of the uploader: while uploads wait for memory, the sender that
 * holds the least of it is served first
 * @param cancel makes a read from the stream that waits for the client fail or end soon;
 * it is called by another thread, at most once
 */
public record IncomingBytes(InputStream stream, long limit, String sender, Runnable cancel) {

	/** Bytes of the server itself, without a client to wait for. */
	public static IncomingBytes of(InputStream stream, long limit) {
		return new IncomingBytes(stream, limit, "", () -> {
		});
	}

}
