package dev.stowage.storage.s3.parts;

import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;

import dev.stowage.memory.UploadMemory;
import dev.stowage.storage.ObjectInfo;
import dev.stowage.storage.ObjectKey;
import dev.stowage.storage.ObjectRange;
import dev.stowage.storage.ObjectReplacedException;
import dev.stowage.storage.ObjectStoreException;
import dev.stowage.storage.s3.parts.ComposedPart.Copied;
import dev.stowage.storage.s3.parts.ComposedPart.Merged;
import software.amazon.awssdk.services.s3.model.CompletedPart;

/**
 * One object that is composed, once. Each way throws {@link ObjectReplacedException} when
 * a source is missing or was replaced. After any failure nothing remains: an upload is
 * aborted after its calls have ended, because some engines keep a part that arrives after
 * the abort.
 */
final class Composition {

	/** How many parts of one composition are in memory at the same time. */
	private static final int MERGED_AT_ONCE = 3;

	private final ObjectKey target;

	private final UploadCalls uploads;

	private final CopyCalls copies;

	private final Function<ObjectRange, InputStream> open;

	private final UploadMemory memory;

	private final String sender;

	private final SharedCalls calls;

	private final Semaphore merging = new Semaphore(MERGED_AT_ONCE);

	Composition(ObjectKey target, UploadCalls uploads, CopyCalls copies, Function<ObjectRange, InputStream> open,
			UploadMemory memory, String sender, SharedCalls calls) {
		this.target = target;
		this.uploads = uploads;
		this.copies = copies;
		this.open = open;
		this.memory = memory;
		this.sender = sender;
		this.calls = calls;
	}

	/**
	 * Copies a whole object.
	 * @return empty if the engine refuses to copy it
	 */
	Optional<ObjectInfo> copy(ObjectRange source) {
		return this.calls.call(() -> orRemove(() -> this.copies.copyWhole(source, this.target)))
			.map((copy) -> orRemove(() -> checked(source, copy)));
	}

	/** Some engines copy an object even if it was replaced; others give it a new tag. */
	private ObjectInfo checked(ObjectRange source, ObjectInfo copy) {
		if (!source.etag().equals(Optional.of(copy.etag()))) {
			requireUnchanged(source);
		}
		return found(source.size());
	}

	/** Sends all of it at once. */
	ObjectInfo put(Merged all) {
		try (MergedBytes bytes = MergedBytes.reserve(all, this.memory, this.sender)) {
			PartBytes read = bytes.read(this.calls, this.open);
			this.calls.call(() -> orRemove(() -> {
				this.uploads.putObject(this.target, read);
				return this.target;
			}));
		}
		return orRemove(() -> found(all.length()));
	}

	/** Makes each part, in any order. */
	ObjectInfo upload(List<ComposedPart> parts) {
		long size = parts.stream().mapToLong(ComposedPart::length).sum();
		String uploadId = this.calls.call(() -> this.uploads.create(this.target));
		boolean completing = false;
		try {
			List<CompletedPart> made = make(parts, uploadId);
			requireUnchanged(parts);
			completing = true;
			this.calls.call(() -> {
				this.uploads.complete(this.target, uploadId, made, size);
				return this.target;
			});
		}
		catch (Throwable ex) {
			this.uploads.abortOrLog(this.target, uploadId);
			if (completing) {
				// last, so that the upload cannot be completed after it
				this.uploads.removeOrLog(this.target);
			}
			throw ex;
		}
		return orRemove(() -> found(size));
	}

	private List<CompletedPart> make(List<ComposedPart> parts, String uploadId) {
		AtomicReferenceArray<CompletedPart> made = new AtomicReferenceArray<>(parts.size());
		this.calls.forEach(parts.size(), (i) -> made.set(i, make(parts.get(i), uploadId, i + 1)));
		return IntStream.range(0, parts.size()).mapToObj(made::get).toList();
	}

	private CompletedPart make(ComposedPart part, String uploadId, int number) {
		return switch (part) {
			case Copied(ObjectRange source) ->
				this.calls.call(() -> this.copies.copyPart(source, this.target, uploadId, number))
					.orElseGet(() -> this.calls
						.call(() -> this.uploads.uploadPart(this.target, uploadId, number, source, this.open)));
			case Merged merged -> {
				this.merging.acquireUninterruptibly();
				try (MergedBytes bytes = MergedBytes.reserve(merged, this.memory, this.sender)) {
					PartBytes read = bytes.read(this.calls, this.open);
					yield this.calls.call(() -> this.uploads.uploadPart(this.target, uploadId, number, read));
				}
				finally {
					this.merging.release();
				}
			}
		};
	}

	/**
	 * Some engines copy a part even if its source was replaced. What was read instead
	 * need not be compared: a read of another object fails.
	 */
	private void requireUnchanged(List<ComposedPart> parts) {
		Map<ObjectInfo, ObjectRange> copied = new LinkedHashMap<>();
		for (ComposedPart part : parts) {
			if (part instanceof Copied(ObjectRange source)) {
				source.object().ifPresent((object) -> copied.put(object, source));
			}
		}
		List<ObjectRange> sources = List.copyOf(copied.values());
		this.calls.forEach(sources.size(), (i) -> requireUnchanged(sources.get(i)));
	}

	private void requireUnchanged(ObjectRange source) {
		if (source.etag().isPresent()) {
			this.calls.call(() -> {
				this.copies.requireUnchanged(source);
				return source;
			});
		}
	}

	/** What the target is now. */
	private ObjectInfo found(long size) {
		ObjectInfo found = this.calls.call(() -> this.copies.find(this.target))
			.orElseThrow(() -> new ObjectStoreException(this.target + " is missing after it was composed", null));
		if (found.size() != size) {
			throw new ObjectStoreException(this.target + " was composed of " + found.size() + " bytes, not " + size,
					null);
		}
		return found;
	}

	private <T> T orRemove(Supplier<T> step) {
		try {
			return step.get();
		}
		catch (Throwable ex) {
			this.uploads.removeOrLog(this.target);
			throw ex;
		}
	}

}
