package dev.stowage.upload.append;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.CountDownLatch;

/** The body of a client that sends some bytes and then nothing until it is ended. */
final class HeldBody extends InputStream {

	private final ByteArrayInputStream bytes;

	private final CountDownLatch silent = new CountDownLatch(1);

	private final CountDownLatch ended = new CountDownLatch(1);

	HeldBody(byte[] bytes) {
		this.bytes = new ByteArrayInputStream(bytes);
	}

	/** The body of a request that says how long it is. */
	Sent sent(long length) {
		return new Sent(this, length, this::end);
	}

	/** Waits until all its bytes were read. */
	void awaitSilence() {
		await(this.silent);
	}

	/** Ends the connection. */
	void end() {
		this.ended.countDown();
	}

	boolean isEnded() {
		return this.ended.getCount() == 0;
	}

	@Override
	public int read() throws IOException {
		byte[] one = new byte[1];
		return (read(one, 0, 1) < 0) ? -1 : one[0] & 0xFF;
	}

	@Override
	public int read(byte[] buffer, int offset, int length) throws IOException {
		int count = this.bytes.read(buffer, offset, length);
		if (count < 0) {
			this.silent.countDown();
			await(this.ended);
			throw new IOException("the connection was ended");
		}
		return count;
	}

	private static void await(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
