package dev.stowage.storage.s3.parts;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

import dev.stowage.memory.Reservation;
import dev.stowage.memory.RevokedException;
import dev.stowage.memory.UploadMemory;
import dev.stowage.memory.Uploader;
import dev.stowage.storage.Checksum;
import dev.stowage.storage.IncomingBytes;
import dev.stowage.storage.ObjectTooLargeException;
import dev.stowage.storage.UploadStalledException;

/**
 * Cuts a stream into parts. Its first bytes are in a small separate buffer, so that short
 * files never wait. For the rest of a part, memory is reserved when the first byte that
 * needs it has arrived. At most one part is being filled, so no upload waits while it
 * holds another unsent part.
 */
final class PartSource {

	private static final int FIRST_BUFFER = 16 * 1024;

	private static final int END = -1;

	private final InputStream in;

	private final long limit;

	private final Uploader uploader;

	private final UploadMemory memory;

	private final PartSizes sizes;

	/** How many parts others have. */
	private final int before;

	/** Whether bytes count that came before the client was too slow. */
	private final boolean keeps;

	private int number;

	private long total;

	/** The byte that was read ahead to see whether one follows. */
	private int ahead;

	private Checksum filled = Checksum.EMPTY;

	private boolean stalled;

	/** A stream that becomes one object, or none. */
	PartSource(IncomingBytes bytes, UploadMemory memory, PartSizes sizes) {
		this(bytes, memory, sizes.forStreamOf(bytes.limit()), 0, false);
	}

	private PartSource(IncomingBytes bytes, UploadMemory memory, PartSizes sizes, int before, boolean keeps) {
		this.in = bytes.stream();
		this.limit = bytes.limit();
		this.uploader = new Uploader(bytes.sender(), memory.newSpeed(), bytes.cancel());
		this.memory = memory;
		this.sizes = sizes;
		this.before = before;
		this.keeps = keeps;
		this.number = before;
	}

	/**
	 * A stream that continues an object. If its client is too slow, it ends with the
	 * bytes that came.
	 * @param before how many parts the object has
	 */
	static PartSource continuing(int before, IncomingBytes bytes, UploadMemory memory, PartSizes sizes) {
		return new PartSource(bytes, memory, sizes, before, true);
	}

	/** Whether the stream ended because its client was too slow while others waited. */
	boolean isStalled() {
		return this.stalled;
	}

	/** The checksum of all parts so far. */
	Checksum total() {
		return this.filled;
	}

	/**
	 * The next part, which the caller closes; empty after the last.
	 * @throws UploadStalledException when the client was so slow that the upload must end
	 */
	Optional<Part> next() throws IOException, ObjectTooLargeException {
		if (this.number == this.before) {
			readAhead();
		}
		if (this.ahead == END) {
			return Optional.empty();
		}
		this.number++;
		Filling filling = new Filling(Math.min(this.sizes.size(this.number), this.limit - this.total + 1));
		try {
			Part part = filling.fill();
			this.filled = this.filled.then(part.checksum());
			return Optional.of(part);
		}
		catch (InterruptedException ex) {
			filling.abandon();
			Thread.currentThread().interrupt();
			throw new InterruptedIOException("Interrupted while waiting for memory");
		}
		catch (Throwable ex) {
			filling.abandon();
			throw ex;
		}
	}

	/** Reading one byte ahead shows whether a full buffer is the last. */
	private void readAhead() throws IOException, ObjectTooLargeException {
		this.uploader.speed().await();
		this.ahead = this.in.read();
		int count = (this.ahead == END) ? 0 : 1;
		this.uploader.speed().received(count);
		add(count);
	}

	private int read(byte[] buffer, int offset, int length) throws IOException {
		this.uploader.speed().await();
		int count = this.in.read(buffer, offset, length);
		this.uploader.speed().received(count);
		return count;
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

		private final CRC32C sum = new CRC32C();

		private Optional<Reservation> reservation = Optional.empty();

		private long length;

		private Filling(long room) {
			this.room = room;
		}

		private Part fill() throws IOException, ObjectTooLargeException, InterruptedException {
			if (PartSource.this.number == PartSource.this.before + 1) {
				fill(new byte[(int) Math.min(FIRST_BUFFER, this.room)]);
			}
			if (needsMore()) {
				int chunks = Math.toIntExact(Math.ceilDiv(this.room - this.length, UploadMemory.CHUNK_SIZE));
				fillShared(PartSource.this.memory.reserve(chunks, PartSource.this.uploader));
			}
			return new Part(PartSource.this.number, this.buffers, Checksum.of(this.length, this.sum),
					PartSource.this.ahead == END, this.reservation);
		}

		private void fillShared(Reservation shared) throws IOException, ObjectTooLargeException, InterruptedException {
			this.reservation = Optional.of(shared);
			try {
				while (needsMore()) {
					fill(shared.take());
				}
				shared.filled();
			}
			catch (RevokedException ex) {
				if (!PartSource.this.keeps) {
					throw new UploadStalledException();
				}
				PartSource.this.stalled = true;
				keepAhead();
			}
			catch (IOException ex) {
				if (shared.isRevoked()) {
					// the server ended the read, not the client
					throw new UploadStalledException();
				}
				throw ex;
			}
		}

		/** What was read from the client is part of what it has sent. */
		private void keepAhead() {
			if (PartSource.this.ahead != END) {
				int free = (int) (this.buffers.stream().mapToLong((buffer) -> buffer.length).sum() - this.length);
				if (free == 0) {
					this.buffers.add(new byte[1]);
					free = 1;
				}
				byte[] last = this.buffers.getLast();
				last[last.length - free] = (byte) PartSource.this.ahead;
				this.sum.update(PartSource.this.ahead);
				this.length++;
				PartSource.this.ahead = END;
			}
		}

		private boolean needsMore() {
			return this.length < this.room && PartSource.this.ahead != END;
		}

		/**
		 * Begins with the byte read ahead, and ends with the next one or with the stream.
		 */
		private void fill(byte[] buffer) throws IOException, ObjectTooLargeException {
			this.buffers.add(buffer);
			int size = (int) Math.min(buffer.length, this.room - this.length);
			buffer[0] = (byte) PartSource.this.ahead;
			int filled = 1;
			while (filled < size) {
				int count = PartSource.this.read(buffer, filled, size - filled);
				if (count < 0) {
					PartSource.this.ahead = END;
					break;
				}
				filled += count;
				add(count);
			}
			this.sum.update(buffer, 0, filled);
			this.length += filled;
			if (filled == size) {
				readAhead();
			}
		}

		private void abandon() {
			this.reservation.ifPresent(Reservation::close);
		}

	}

}
