package dev.stowage.storage.s3.parts;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

import dev.stowage.memory.UploadMemory;
import dev.stowage.storage.GrowingObject;
import dev.stowage.storage.GrowingObject.StoredPart;
import dev.stowage.storage.IncomingBytes;
import dev.stowage.storage.ObjectDamagedException;
import dev.stowage.storage.ObjectKey;
import dev.stowage.storage.ObjectStore;
import dev.stowage.storage.ObjectStoreException;
import dev.stowage.storage.ObjectTooLargeException;
import dev.stowage.storage.UploadStalledException;
import io.micrometer.context.ContextExecutorService;
import io.micrometer.context.ContextSnapshotFactory;
import software.amazon.awssdk.services.s3.model.NoSuchUploadException;

/**
 * Appends a stream of unknown length to a multipart upload, in bounded memory: parts are
 * sent while the next is read, and reported in order. What is too small for a part at the
 * end is put under a key of its own.
 */
public final class AppendPipeline {

	private final UploadCalls calls;

	private final UploadMemory memory;

	private final PartSizes sizes;

	/**
	 * Passes the request's logging and tracing context to the threads that send its
	 * parts.
	 */
	private final ExecutorService executor = ContextExecutorService.wrap(Executors.newVirtualThreadPerTaskExecutor(),
			ContextSnapshotFactory.builder().build()::captureAll);

	public AppendPipeline(UploadCalls calls, UploadMemory memory) {
		this.calls = calls;
		this.memory = memory;
		this.sizes = PartSizes.within((long) memory.largestReservation() * UploadMemory.CHUNK_SIZE);
	}

	/** The largest object that it can make, however often it is interrupted. */
	public long maxSize() {
		return this.sizes.leastTotal();
	}

	/** See {@link ObjectStore#append}. */
	public void append(GrowingObject object, IncomingBytes bytes, GrowingObject.Log log)
			throws IOException, ObjectTooLargeException {
		PartSource source = PartSource.continuing(object.parts(), bytes, this.memory, this.sizes);
		new Append(object, source, log).run();
		if (source.isStalled()) {
			throw new UploadStalledException();
		}
	}

	/** See {@link ObjectStore#finish}. */
	public void finish(GrowingObject object, List<StoredPart> parts, long size) {
		new AppendCompletion(this.calls, object, parts, size).make();
	}

	/** The upload may be days old. */
	private static <T> T whileOpen(ObjectKey key, Supplier<T> call) {
		try {
			return call.get();
		}
		catch (ObjectStoreException ex) {
			if (ex.getCause() instanceof NoSuchUploadException) {
				throw new ObjectDamagedException(key, "no open upload");
			}
			throw ex;
		}
	}

	/** One stream. */
	private final class Append {

		private final ObjectKey key;

		private final PartSource source;

		private final GrowingObject.Log log;

		private final PartsInFlight<StoredPart> parts = new PartsInFlight<>(AppendPipeline.this.executor, this::store);

		private final NavigableMap<Integer, StoredPart> unreported = new TreeMap<>();

		private Optional<String> upload;

		private int reported;

		private Append(GrowingObject object, PartSource source, GrowingObject.Log log) {
			this.key = object.key();
			this.upload = object.upload();
			this.reported = object.parts();
			this.source = source;
			this.log = log;
		}

		private void run() throws IOException, ObjectTooLargeException {
			try {
				Optional<Part> part = this.source.next();
				while (part.isPresent() && !part.get().last()) {
					send(part.get());
					part = this.source.next();
				}
				end(part);
			}
			catch (Throwable ex) {
				// what they stored is reported
				this.parts.awaitEnd();
				throw ex;
			}
		}

		private void send(Part part) {
			try {
				if (this.upload.isEmpty()) {
					String created = AppendPipeline.this.calls.create(this.key);
					this.upload = Optional.of(created);
					reportBegun(created);
				}
			}
			catch (Throwable ex) {
				part.close();
				throw ex;
			}
			this.parts.send(part);
		}

		/** An upload that nobody remembers is aborted. */
		private void reportBegun(String created) {
			try {
				this.log.begun(created);
			}
			catch (Throwable ex) {
				AppendPipeline.this.calls.abortOrLog(this.key, created);
				throw ex;
			}
		}

		private StoredPart store(Part part) {
			String etag = whileOpen(this.key, () -> AppendPipeline.this.calls.uploadPart(this.key,
					this.upload.orElseThrow(), part.number(), part.bytes()))
				.eTag();
			StoredPart stored = new StoredPart(part.number(), etag, part.checksum());
			report(stored);
			return stored;
		}

		/** Reports all parts before which none is missing. */
		private synchronized void report(StoredPart stored) {
			this.unreported.put(stored.number(), stored);
			List<StoredPart> next = new ArrayList<>();
			while (this.unreported.containsKey(this.reported + next.size() + 1)) {
				next.add(this.unreported.remove(this.reported + next.size() + 1));
			}
			if (!next.isEmpty()) {
				this.log.stored(next);
				this.reported += next.size();
			}
		}

		/** The last part is full, or whatever is left. */
		private void end(Optional<Part> last) {
			try {
				boolean isEnd = this.log.isEnd();
				if (last.isPresent() && isPart(last.get(), isEnd)) {
					send(last.get());
				}
				else {
					this.parts.results();
					last.ifPresent(this::keep);
				}
			}
			catch (Throwable ex) {
				last.ifPresent(Part::close);
				throw ex;
			}
			this.parts.results();
		}

		private boolean isPart(Part last, boolean isEnd) {
			return isEnd ? this.upload.isPresent() : last.length() >= AppendPipeline.this.sizes.least(last.number());
		}

		private void keep(Part rest) {
			try (rest) {
				AppendPipeline.this.calls.putObject(this.log.nameRest(), rest.bytes());
			}
			this.log.kept(rest.checksum());
		}

	}

}
