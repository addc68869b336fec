package dev.stowage.storage.s3;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.Random;
import java.util.UUID;

import dev.stowage.memory.UploadMemory;
import dev.stowage.storage.ObjectKey;

/** Bytes, keys and streams for tests of a store. */
public final class Samples {

	/** The smallest part that is sent while others follow. */
	public static final int BUFFER = 8 * 1024 * 1024;

	/** How many chunks such a part takes. */
	public static final int CHUNKS = BUFFER / UploadMemory.CHUNK_SIZE;

	private Samples() {
	}

	/** Bytes without a pattern, the same for every call. */
	public static byte[] bytes(int size) {
		byte[] bytes = new byte[size];
		new Random(size).nextBytes(bytes);
		return bytes;
	}

	/** Memory that holds a number of parts of the smallest size. */
	public static UploadMemory memoryFor(int parts) {
		return new UploadMemory(parts * CHUNKS);
	}

	public static ObjectKey newKey() {
		return new ObjectKey("tests/" + UUID.randomUUID());
	}

	/** Where upload URLs may write. */
	static ObjectKey newStagingKey() {
		return new ObjectKey("staging/" + UUID.randomUUID());
	}

	public static InputStream stream(byte[] bytes) {
		return new ByteArrayInputStream(bytes);
	}

	/** That many bytes, and then the action instead of the end. */
	public static InputStream streamThen(int size, Ending ending) {
		return new SequenceInputStream(stream(bytes(size)), new EndingInputStream(ending));
	}

	/** The action of a stream instead of its end. */
	public interface Ending {

		void reach() throws IOException;

	}

	private static final class EndingInputStream extends InputStream {

		private final Ending ending;

		EndingInputStream(Ending ending) {
			this.ending = ending;
		}

		@Override
		public int read() throws IOException {
			this.ending.reach();
			return -1;
		}

		@Override
		public int read(byte[] buffer, int offset, int length) throws IOException {
			return read();
		}

	}

}
