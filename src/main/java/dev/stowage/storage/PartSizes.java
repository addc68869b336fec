package dev.stowage.storage;

/**
 * How large each part of a multipart upload is, in pooled buffers, so that the 10,000
 * parts that S3 allows suffice for the longest stream that may come: one buffer a part
 * where that is enough, else doubling every 1,000 parts until it is, so that short
 * streams stay cheap under a high limit.
 *
 * @param largest the most buffers that one part takes
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html">S3's
 * multipart limits</a>
 */
record PartSizes(int largest) {

	private static final int MAX_PARTS = 10_000;

	private static final int STEP = 1_000;

	/**
	 * The gentlest sizes that hold a stream of the given length.
	 * @throws IllegalArgumentException when no size within the bound does
	 */
	static PartSizes forStreamOf(long bytes, int largestAllowed) {
		for (int largest = 1; largest <= largestAllowed; largest *= 2) {
			PartSizes sizes = new PartSizes(largest);
			if (sizes.total() >= bytes) {
				return sizes;
			}
		}
		throw new IllegalArgumentException("No part size within the pool suffices for " + bytes + " bytes");
	}

	/** The buffers that part {@code number}, from 1, takes. */
	int buffers(int number) {
		int doublings = (number - 1) / STEP;
		return Math.min(1 << doublings, this.largest);
	}

	/** The most bytes that all parts together hold. */
	long total() {
		long buffers = 0;
		for (int first = 1; first <= MAX_PARTS; first += STEP) {
			buffers += (long) STEP * buffers(first);
		}
		return buffers * BufferPool.BUFFER_SIZE;
	}

}
