package dev.stowage.storage;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.SequenceInputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Cuts a stream into parts that lie in pooled buffers. A buffer is asked for only when
 * the byte that needs it has come, and at most one part is being filled, so nobody waits
 * for a buffer while holding one that is not on its way to the store.
 */
final class PartSource {

	private final InputStream in;

	private final long limit;

	private final BufferPool pool;

	private final PartSizes sizes;

	private int number;

	private long total;

	private int ahead;

	PartSource(InputStream in, long limit, BufferPool pool) {
		this.in = in;
		this.limit = limit;
		this.pool = pool;
		this.sizes = PartSizes.forStreamOf(limit, pool.capacity());
	}

	/** Bytes handed out so far. */
	long total() {
		return this.total;
	}

	/** The next part, to be released by the caller; empty after the last. */
	Optional<Part> next() throws IOException, ObjectTooLargeException {
		if (this.number == 0) {
			readAhead();
		}
		if (this.ahead < 0) {
			return Optional.empty();
		}
		this.number++;
		List<byte[]> buffers = acquire(this.sizes.buffers(this.number));
		try {
			long length = fill(buffers);
			return Optional.of(new Part(this.number, buffers, length, this.ahead < 0));
		}
		catch (Throwable ex) {
			this.pool.release(buffers);
			throw ex;
		}
	}

	void release(Part part) {
		this.pool.release(part.buffers());
	}

	private List<byte[]> acquire(int count) throws InterruptedIOException {
		try {
			return this.pool.acquire(count);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new InterruptedIOException("Interrupted while waiting for a buffer");
		}
	}

	private long fill(List<byte[]> buffers) throws IOException, ObjectTooLargeException {
		long length = 0;
		for (byte[] buffer : buffers) {
			buffer[0] = (byte) this.ahead;
			int filled = 1;
			this.ahead = 0;
			while (filled < buffer.length && this.ahead >= 0) {
				int count = this.in.read(buffer, filled, buffer.length - filled);
				if (count < 0) {
					this.ahead = -1;
				}
				else {
					filled += count;
					add(count);
				}
			}
			length += filled;
			if (this.ahead >= 0) {
				readAhead();
			}
			if (this.ahead < 0) {
				break;
			}
		}
		return length;
	}

	/** One byte ahead tells the last part from a full one. */
	private void readAhead() throws IOException, ObjectTooLargeException {
		this.ahead = this.in.read();
		if (this.ahead >= 0) {
			add(1);
		}
	}

	private void add(int count) throws ObjectTooLargeException {
		this.total += count;
		if (this.total > this.limit) {
			throw new ObjectTooLargeException(this.limit);
		}
	}

	/**
	 * A piece of the stream.
	 *
	 * @param number from 1
	 * @param buffers the pooled buffers that hold it, all full but the last
	 * @param length in bytes
	 * @param last whether the stream ends with it
	 */
	record Part(int number, List<byte[]> buffers, long length, boolean last) {

		/** Reads the part from its start, without copying it; may be called again. */
		InputStream open() {
			List<InputStream> streams = new ArrayList<>();
			long left = this.length;
			for (byte[] buffer : this.buffers) {
				int count = (int) Math.min(left, buffer.length);
				streams.add(new ByteArrayInputStream(buffer, 0, count));
				left -= count;
			}
			return (streams.size() == 1) ? streams.getFirst()
					: new SequenceInputStream(Collections.enumeration(streams));
		}

	}

}
