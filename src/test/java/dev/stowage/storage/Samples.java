package dev.stowage.storage;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.Random;
import java.util.UUID;

/** Bytes, keys and streams to try a store with. */
final class Samples {

	static final int BUFFER = BufferPool.BUFFER_SIZE;

	private Samples() {
	}

	/** Bytes without a pattern, the same for every call. */
	static byte[] bytes(int size) {
		byte[] bytes = new byte[size];
		new Random(size).nextBytes(bytes);
		return bytes;
	}

	static ObjectKey newKey() {
		return new ObjectKey("tests/" + UUID.randomUUID());
	}

	static InputStream stream(byte[] bytes) {
		return new ByteArrayInputStream(bytes);
	}

	/** That many bytes, and then the action in place of the end. */
	static InputStream streamThen(int size, Ending ending) {
		return new SequenceInputStream(stream(bytes(size)), new EndingInputStream(ending));
	}

	/** What a stream does where it would end. */
	interface Ending {

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
