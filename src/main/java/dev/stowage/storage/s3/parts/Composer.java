package dev.stowage.storage.s3.parts;

import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.function.Function;

import dev.stowage.memory.UploadMemory;
import dev.stowage.storage.ObjectInfo;
import dev.stowage.storage.ObjectKey;
import dev.stowage.storage.ObjectRange;
import dev.stowage.storage.ObjectReplacedException;
import dev.stowage.storage.ObjectStore;
import dev.stowage.storage.s3.parts.ComposedPart.Merged;
import io.micrometer.context.ContextExecutorService;
import io.micrometer.context.ContextSnapshotFactory;

/**
 * Makes one object of ranges of others: by one {@code CopyObject} of a whole object, by
 * one {@code PutObject} of what memory holds, and otherwise by a multipart upload whose
 * parts the store copies where it can. Where an engine refuses to copy, such as Ceph 16
 * what it has encrypted or what another user wrote, the bytes are read and sent.
 */
public final class Composer {

	/** How many calls one composition makes at the same time. */
	private static final int CALLS_AT_ONCE = 8;

	private final UploadCalls uploads;

	private final CopyCalls copies;

	private final Function<ObjectRange, InputStream> open;

	private final UploadMemory memory;

	private final long largestMerged;

	/**
	 * Passes the request's logging and tracing context to the threads that make calls.
	 */
	private final Executor executor = ContextExecutorService.wrap(Executors.newVirtualThreadPerTaskExecutor(),
			ContextSnapshotFactory.builder().build()::captureAll);

	/**
	 * Composes objects of one bucket.
	 * @param open opens a range, or throws {@link ObjectReplacedException} if it is
	 * missing or was replaced
	 */
	public Composer(UploadCalls uploads, CopyCalls copies, Function<ObjectRange, InputStream> open,
			UploadMemory memory) {
		this.uploads = uploads;
		this.copies = copies;
		this.open = open;
		this.memory = memory;
		this.largestMerged = PartSizes.within((long) memory.largestReservation() * UploadMemory.CHUNK_SIZE).largest();
	}

	/** See {@link ObjectStore#compose}. */
	public Optional<ObjectInfo> compose(List<ObjectRange> sources, ObjectKey target, String sender, Runnable progress) {
		if (sources.isEmpty()) {
			throw new IllegalArgumentException("There is nothing to compose");
		}
		Composition composition = new Composition(target, this.uploads, this.copies, this.open, this.memory, sender,
				new SharedCalls(CALLS_AT_ONCE, progress, this.executor));
		try {
			return Optional.of(compose(sources, composition));
		}
		catch (ObjectReplacedException ex) {
			return Optional.empty();
		}
	}

	private ObjectInfo compose(List<ObjectRange> sources, Composition composition) {
		ObjectRange first = sources.getFirst();
		if (sources.size() == 1 && first.isWhole() && first.size() <= CompositionPlan.LARGEST_COPY) {
			Optional<ObjectInfo> copy = composition.copy(first);
			if (copy.isPresent()) {
				return copy.get();
			}
		}
		List<ComposedPart> parts = CompositionPlan.of(sources, this.largestMerged);
		return (parts.size() == 1 && parts.getFirst() instanceof Merged all) ? composition.put(all)
				: composition.upload(parts);
	}

}
