package dev.stowage.storage.s3.parts;

import java.util.List;
import java.util.Optional;

import dev.stowage.memory.Reservation;
import dev.stowage.storage.Checksum;

/**
 * A piece of a stream.
 *
 * @param number from 1
 * @param buffers what holds it, all full but the last
 * @param checksum its length and sum
 * @param last whether the stream ends with it
 * @param reservation the right to the buffers, if they are shared ones
 */
record Part(int number, List<byte[]> buffers, Checksum checksum, boolean last,
		Optional<Reservation> reservation) implements AutoCloseable {

	long length() {
		return this.checksum.length();
	}

	PartBytes bytes() {
		return new PartBytes(this.buffers, length());
	}

	/** Returns the memory. */
	@Override
	public void close() {
		this.reservation.ifPresent(Reservation::close);
	}

}
