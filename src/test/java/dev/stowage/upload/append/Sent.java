package dev.stowage.upload.append;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.Arrays;
import java.util.OptionalLong;
import java.util.Random;

import dev.stowage.upload.ClientBytes;

/** The body of a request, and the request that a client makes of it. */
record Sent(InputStream bytes, long atMost, Runnable onCancel) implements ClientBytes {

	/** A body that comes as a whole. */
	static Sent of(byte[] bytes) {
		return new Sent(new ByteArrayInputStream(bytes), bytes.length, Sent::ignore);
	}

	/** Of a client that does not say how much it sends. */
	Sent unannounced() {
		return new Sent(this.bytes, Long.MAX_VALUE, this.onCancel);
	}

	/** A body that breaks after its first bytes. */
	static Sent cut(byte[] bytes, int length) {
		InputStream broken = new InputStream() {

			@Override
			public int read() throws IOException {
				throw new IOException("the client disconnected");
			}

			@Override
			public int read(byte[] buffer, int offset, int length) throws IOException {
				return read();
			}

		};
		InputStream first = new ByteArrayInputStream(bytes, 0, length);
		return new Sent(new SequenceInputStream(first, broken), bytes.length, Sent::ignore);
	}

	/** What follows the bytes that are kept. */
	static byte[] after(long offset, byte[] all) {
		return Arrays.copyOfRange(all, Math.toIntExact(offset), all.length);
	}

	/** Bytes without a pattern. */
	static byte[] bytes(int size) {
		byte[] bytes = new byte[size];
		new Random(size).nextBytes(bytes);
		return bytes;
	}

	/** A request that does not end the file. */
	AppendRequest at(long offset) {
		return at(offset, OptionalLong.empty(), false, false);
	}

	/** A request whose bytes are the last ones. */
	AppendRequest lastAt(long offset) {
		return at(offset, OptionalLong.empty(), true, false);
	}

	/** A request whose bytes have a digest. */
	AppendRequest checkedAt(long offset) {
		return at(offset, OptionalLong.empty(), false, true);
	}

	/** A request that says the length of the file. */
	AppendRequest at(long offset, long length) {
		return at(offset, OptionalLong.of(length), false, false);
	}

	private AppendRequest at(long offset, OptionalLong length, boolean isLast, boolean isChecked) {
		return new AppendRequest(offset, length, isLast, isChecked, this, (kept) -> {
		});
	}

	@Override
	public void cancel() {
		this.onCancel.run();
	}

	private static void ignore() {
		// nobody waits for the bytes
	}

}
