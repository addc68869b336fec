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
 * Cuts a stream into parts. The first bytes of it lie in a small buffer of its own, so
 * that short files never wait; for the rest of a part, memory is claimed when the byte
 * that needs it has come. At most one part is being filled, so nobody waits while holding
 * what is not on its way to the store.
 */
final class PartSource {

	private static final int FIRST_BUFFER = 16 * 1024;

	private static final int END = -1;

	private final InputStream in;

	private final long limit;

	private final UploadMemory memory;

	private final PartSizes sizes;

	private int number;

	private long total;

	/** The byte that was read to see whether there is one. */
	private int ahead;

	private boolean slow;

	PartSource(InputStream in, long limit, UploadMemory memory, PartSizes sizes) {
		this.in = in;
		this.limit = limit;
		this.memory = memory;
		this.sizes = sizes.forStreamOf(limit);
	}

	/** Bytes read so far. */
	long total() {
		return this.total;
	}

	/** The next part, to be closed by the caller; empty after the last. */
	Optional<Part> next() throws IOException, ObjectTooLargeException {
		if (this.number == 0) {
			readAhead();
		}
		if (this.ahead == END) {
			return Optional.empty();
		}
		this.number++;
		Filling filling = new Filling(Math.min(this.sizes.size(this.number), this.limit - this.total + 1));
		try {
			return Optional.of(filling.fill());
		}
		catch (InterruptedException ex) {
			filling.giveUp();
			Thread.currentThread().interrupt();
			throw new InterruptedIOException("Interrupted while waiting for memory");
		}
		catch (Throwable ex) {
			filling.giveUp();
			throw ex;
		}
	}

	/** One byte ahead tells a full buffer from the last. */
	private void readAhead() throws IOException, ObjectTooLargeException {
		this.ahead = this.in.read();
		add((this.ahead == END) ? 0 : 1);
	}

	private void add(int count) throws ObjectTooLargeException {
		this.total += count;
		if (this.total > this.limit) {
			throw new ObjectTooLargeException(this.limit);
		}
	}

	/** The part that is being filled. */
	private final class Filling {

		private final long room;

		private final List<byte[]> buffers = new ArrayList<>();

		private Optional<Claim> claim = Optional.empty();

		private long length;

		private long since = PartSource.this.memory.now();

		private Filling(long room) {
			this.room = room;
		}

		private Part fill() throws IOException, ObjectTooLargeException, InterruptedException {
			if (PartSource.this.number == 1) {
				fill(new byte[(int) Math.min(FIRST_BUFFER, this.room)]);
				PartSource.this.slow = isSlow();
			}
			if (needsMore()) {
				fillClaimed(PartSource.this.memory.claim(chunks(), PartSource.this.slow));
			}
			return new Part(PartSource.this.number, this.buffers, this.length, PartSource.this.ahead == END,
					this.claim);
		}

		private void fillClaimed(Claim claim) throws IOException, ObjectTooLargeException, InterruptedException {
			this.claim = Optional.of(claim);
			this.since = PartSource.this.memory.now();
			while (needsMore()) {
				fill(claim.take());
			}
			claim.filled();
			PartSource.this.slow = isSlow();
		}

		private boolean needsMore() {
			return this.length < this.room && PartSource.this.ahead != END;
		}

		private int chunks() {
			return Math.toIntExact(Math.ceilDiv(this.room - this.length, UploadMemory.CHUNK_SIZE));
		}

		private boolean isSlow() {
			return Pace.isSlow(this.length, PartSource.this.memory.now() - this.since);
		}

		/** Begins with the byte ahead, and ends with another, or with the stream. */
		private void fill(byte[] buffer) throws IOException, ObjectTooLargeException {
			this.buffers.add(buffer);
			int size = (int) Math.min(buffer.length, this.room - this.length);
			buffer[0] = (byte) PartSource.this.ahead;
			int filled = 1;
			while (filled < size) {
				int count = PartSource.this.in.read(buffer, filled, size - filled);
				if (count < 0) {
					PartSource.this.ahead = END;
					break;
				}
				filled += count;
				add(count);
			}
			this.length += filled;
			if (filled == size) {
				readAhead();
			}
		}

		private void giveUp() {
			this.claim.ifPresent(Claim::close);
		}

	}

	/**
	 * A piece of the stream.
	 *
	 * @param number from 1
	 * @param buffers what holds it, all full but the last
	 * @param length in bytes
	 * @param last whether the stream ends with it
	 * @param claim the right to the buffers, where they are shared ones
	 */
	record Part(int number, List<byte[]> buffers, long length, boolean last,
			Optional<Claim> claim) implements AutoCloseable {

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

		/** Gives the memory back. */
		@Override
		public void close() {
			this.claim.ifPresent(Claim::close);
		}

	}

}
