package dev.stowage.storage.s3.parts;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

import dev.stowage.memory.Reservation;
import dev.stowage.memory.UploadMemory;
import dev.stowage.memory.Uploader;
import dev.stowage.storage.ObjectRange;
import dev.stowage.storage.ObjectStoreException;
import dev.stowage.storage.s3.parts.ComposedPart.Merged;

/**
 * The bytes of several ranges, read side by side into the memory that uploads share. A
 * client is not involved, so a reservation is complete before the first call.
 */
final class MergedBytes implements AutoCloseable {

	private final Merged part;

	private final Reservation reservation;

	private final List<byte[]> buffers = new ArrayList<>();

	private MergedBytes(Merged part, Reservation reservation) {
		this.part = part;
		this.reservation = reservation;
	}

	/** Waits for memory, for as long as it takes. */
	static MergedBytes reserve(Merged part, UploadMemory memory, String sender) {
		int chunks = Math.toIntExact(Math.ceilDiv(part.length(), UploadMemory.CHUNK_SIZE));
		try {
			Uploader uploader = new Uploader(sender, memory.newSpeed(), () -> {
			});
			MergedBytes bytes = new MergedBytes(part, memory.reserve(chunks, uploader));
			bytes.takeAll(chunks);
			return bytes;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new ObjectStoreException("Interrupted while waiting for memory", ex);
		}
	}

	private void takeAll(int chunks) throws InterruptedException {
		try {
			while (this.buffers.size() < chunks) {
				this.buffers.add(this.reservation.take());
			}
			this.reservation.filled();
		}
		catch (Throwable ex) {
			close();
			throw ex;
		}
	}

	/**
	 * Reads all ranges.
	 * @param open opens the bytes of a range
	 */
	PartBytes read(SharedCalls calls, Function<ObjectRange, InputStream> open) {
		List<ObjectRange> sources = this.part.sources();
		long[] starts = starts(sources);
		calls.forEach(sources.size(), (i) -> calls.call(() -> read(open, sources.get(i), starts[i])));
		return new PartBytes(this.buffers, this.part.length());
	}

	/** Where the bytes of each range begin. */
	private static long[] starts(List<ObjectRange> sources) {
		long[] starts = new long[sources.size()];
		for (int i = 1; i < starts.length; i++) {
			starts[i] = starts[i - 1] + sources.get(i - 1).length();
		}
		return starts;
	}

	private ObjectRange read(Function<ObjectRange, InputStream> open, ObjectRange source, long start) {
		try (InputStream in = open.apply(source)) {
			long end = start + source.length();
			for (long at = start; at < end;) {
				byte[] buffer = this.buffers.get((int) (at / UploadMemory.CHUNK_SIZE));
				int offset = (int) (at % UploadMemory.CHUNK_SIZE);
				int count = in.readNBytes(buffer, offset, (int) Math.min(buffer.length - offset, end - at));
				if (count == 0) {
					throw new ObjectStoreException("Reading " + source.key() + " ended too early", null);
				}
				at += count;
			}
			return source;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** Returns the memory. */
	@Override
	public void close() {
		this.reservation.close();
	}

}
