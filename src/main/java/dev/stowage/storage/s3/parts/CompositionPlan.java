package dev.stowage.storage.s3.parts;

import java.util.ArrayList;
import java.util.List;

import dev.stowage.storage.ObjectRange;
import dev.stowage.storage.s3.parts.ComposedPart.Copied;
import dev.stowage.storage.s3.parts.ComposedPart.Merged;

/**
 * Divides a list of ranges into the parts of one multipart upload. The store copies what
 * is large enough for a part of its own. Smaller ranges are merged. If they do not
 * suffice for a part, it gets the first bytes of the large range that follows, whose rest
 * is still copied. Only the last part may be smaller than all others.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html">S3's
 * multipart limits</a>
 */
final class CompositionPlan {

	/** The smallest part that S3 accepts while others follow. */
	static final long SMALLEST = 5 * 1024 * 1024;

	/** The most bytes that one call copies. */
	static final long LARGEST_COPY = 5L << 30;

	private static final int MAX_PARTS = 10_000;

	private final long least;

	private final long most;

	private final List<ComposedPart> parts = new ArrayList<>();

	private List<ObjectRange> pending = new ArrayList<>();

	private long pendingBytes;

	/**
	 * Begins a plan.
	 * @param least how many bytes every part but the last must have
	 * @param most how many bytes may be merged in one part
	 */
	private CompositionPlan(long least, long most) {
		this.least = least;
		this.most = most;
	}

	/**
	 * The parts of the object, in order. Ranges that the store could copy are merged only
	 * if there would be more than 10,000 parts otherwise.
	 * @param memory how many bytes one part may hold in memory
	 * @throws IllegalArgumentException when that limit cannot be kept
	 */
	static List<ComposedPart> of(List<ObjectRange> sources, long memory) {
		for (long least = SMALLEST; least <= memory; least = (least == SMALLEST) ? PartSizes.SMALLEST : 2 * least) {
			CompositionPlan plan = new CompositionPlan(least, Math.max(least, PartSizes.SMALLEST));
			sources.forEach(plan::add);
			plan.endMerged();
			if (plan.parts.size() <= MAX_PARTS) {
				return plan.parts;
			}
		}
		throw new IllegalArgumentException(
				sources.size() + " sources cannot be composed in " + MAX_PARTS + " parts with this memory");
	}

	private void add(ObjectRange source) {
		ObjectRange rest = source;
		while (this.pendingBytes > 0 || rest.length() < this.least) {
			long missing = Math.max(0, this.least - this.pendingBytes);
			if (rest.length() >= missing + this.least) {
				break;
			}
			long taken = Math.min(rest.length(), this.most - this.pendingBytes);
			merge(rest.part(0, taken));
			if (taken == rest.length()) {
				return;
			}
			rest = rest.part(taken, rest.length() - taken);
		}
		copy(withoutFirstBytesOf(rest));
	}

	/** Completes what is pending. */
	private ObjectRange withoutFirstBytesOf(ObjectRange large) {
		long missing = (this.pendingBytes > 0) ? Math.max(0, this.least - this.pendingBytes) : 0;
		if (missing > 0) {
			merge(large.part(0, missing));
		}
		endMerged();
		return (missing > 0) ? large.part(missing, large.length() - missing) : large;
	}

	private void merge(ObjectRange range) {
		this.pending.add(range);
		this.pendingBytes += range.length();
		if (this.pendingBytes == this.most) {
			endMerged();
		}
	}

	private void endMerged() {
		if (this.pendingBytes > 0) {
			this.parts.add(new Merged(this.pending));
			this.pending = new ArrayList<>();
			this.pendingBytes = 0;
		}
	}

	/** In pieces of about the same size, if one call cannot copy it. */
	private void copy(ObjectRange range) {
		long pieces = Math.ceilDiv(range.length(), LARGEST_COPY);
		long size = Math.ceilDiv(range.length(), pieces);
		for (long from = 0; from < range.length(); from += size) {
			this.parts.add(new Copied(range.part(from, Math.min(size, range.length() - from))));
		}
	}

}
