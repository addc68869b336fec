package dev.stowage.storage.s3.parts;

import java.util.function.IntToLongFunction;

/**
 * How large each part of a multipart upload is, so that the 10,000 parts that S3 allows
 * suffice for the longest allowed stream. Parts have 8 MiB if that is enough; otherwise
 * their size doubles every 1,000 parts, so that short streams stay cheap under a high
 * limit. All parts between two doublings are equal, because some engines require it.
 *
 * @param largest the most bytes that one part takes
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html">S3's
 * multipart limits</a>
 */
record PartSizes(long largest) {

	static final int SMALLEST = 8 * 1024 * 1024;

	private static final int MAX_PARTS = 10_000;

	private static final int STEP = 1_000;

	/** The largest sizes that fit into the given memory. */
	static PartSizes within(long bytes) {
		return new PartSizes(SMALLEST * Long.highestOneBit(bytes / SMALLEST));
	}

	/**
	 * The smallest sizes that hold a stream of the given length.
	 * @throws IllegalArgumentException when even these do not
	 */
	PartSizes forStreamOf(long bytes) {
		for (long size = SMALLEST; size <= this.largest; size *= 2) {
			PartSizes sizes = new PartSizes(size);
			if (sizes.total() >= bytes) {
				return sizes;
			}
		}
		throw new IllegalArgumentException("No part size that fits into memory suffices for " + bytes + " bytes");
	}

	/** The bytes that part {@code number}, from 1, takes. */
	long size(int number) {
		int doublings = (number - 1) / STEP;
		return Math.min((long) SMALLEST << doublings, this.largest);
	}

	/**
	 * The fewest bytes for which part {@code number} is used when a stream pauses: half
	 * of its size, so that the parts suffice however often it does, and no less than S3
	 * accepts.
	 */
	long least(int number) {
		return Math.max(CompositionPlan.SMALLEST, size(number) / 2);
	}

	/** The most bytes that all parts together hold. */
	long total() {
		return total(this::size);
	}

	/** The most bytes that they hold of a stream that pauses at the worst moments. */
	long leastTotal() {
		return total(this::least);
	}

	private static long total(IntToLongFunction bytesOf) {
		long bytes = 0;
		for (int first = 1; first <= MAX_PARTS; first += STEP) {
			bytes += STEP * bytesOf.applyAsLong(first);
		}
		return bytes;
	}

}
