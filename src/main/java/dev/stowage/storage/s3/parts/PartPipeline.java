package dev.stowage.storage.s3.parts;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;

import dev.stowage.memory.UploadMemory;
import dev.stowage.storage.Checksum;
import dev.stowage.storage.IncomingBytes;
import dev.stowage.storage.ObjectKey;
import dev.stowage.storage.ObjectStore;
import dev.stowage.storage.ObjectStoreException;
import dev.stowage.storage.ObjectTooLargeException;
import dev.stowage.storage.s3.parts.PartSource.Part;
import io.micrometer.context.ContextExecutorService;
import io.micrometer.context.ContextSnapshotFactory;
import software.amazon.awssdk.services.s3.model.CompletedPart;

/**
 * Sends a stream of unknown length to S3 in bounded memory: one {@code PutObject} if one
 * part holds it all, otherwise a multipart upload that sends parts while the next is
 * read. On any failure the upload is aborted after its parts have ended, because some
 * engines keep a part that arrives after the abort.
 */
public final class PartPipeline {

	private static final int IN_FLIGHT = 3;

	private final UploadCalls calls;

	private final UploadMemory memory;

	private final PartSizes sizes;

	/**
	 * Passes the request's logging and tracing context to the threads that send its
	 * parts.
	 */
	private final ExecutorService executor = ContextExecutorService.wrap(Executors.newVirtualThreadPerTaskExecutor(),
			ContextSnapshotFactory.builder().build()::captureAll);

	public PartPipeline(UploadCalls calls, UploadMemory memory) {
		this.calls = calls;
		this.memory = memory;
		this.sizes = PartSizes.within((long) memory.largestReservation() * UploadMemory.CHUNK_SIZE);
	}

	/** The largest object that it can send. */
	public long maxSize() {
		return this.sizes.total();
	}

	/** See {@link ObjectStore#put}. */
	public Checksum put(ObjectKey key, IncomingBytes bytes) throws IOException, ObjectTooLargeException {
		PartSource source = new PartSource(bytes, this.memory, this.sizes);
		Optional<Part> first = source.next();
		if (first.isPresent() && first.get().last()) {
			putWhole(key, first.get());
		}
		else if (first.isPresent()) {
			new Upload(key, source).run(first.get());
		}
		return source.total();
	}

	private void putWhole(ObjectKey key, Part part) {
		try (part) {
			this.calls.putObject(key, part.bytes());
		}
	}

	/** One multipart upload, from its creation to its completion or abort. */
	private final class Upload {

		private final ObjectKey key;

		private final PartSource source;

		private final Semaphore slots = new Semaphore(IN_FLIGHT);

		private final List<CompletableFuture<CompletedPart>> parts = new ArrayList<>();

		private String uploadId = "";

		private Upload(ObjectKey key, PartSource source) {
			this.key = key;
			this.source = source;
		}

		private void run(Part first) throws IOException, ObjectTooLargeException {
			create(first);
			try {
				send(first);
				for (Optional<Part> part = this.source.next(); part.isPresent(); part = this.source.next()) {
					send(part.get());
				}
				List<CompletedPart> completed = this.parts.stream().map(this::await).toList();
				PartPipeline.this.calls.complete(this.key, this.uploadId, completed, this.source.total().length());
			}
			catch (Throwable ex) {
				abort();
				throw ex;
			}
		}

		private void create(Part first) {
			try {
				this.uploadId = PartPipeline.this.calls.create(this.key);
			}
			catch (Throwable ex) {
				first.close();
				throw ex;
			}
		}

		/** Waits for a slot, unless a part has failed. */
		private void send(Part part) {
			try {
				this.slots.acquireUninterruptibly();
				throwIfFailed();
				this.parts.add(CompletableFuture.supplyAsync(() -> sendNow(part), PartPipeline.this.executor));
			}
			catch (Throwable ex) {
				part.close();
				throw ex;
			}
		}

		private CompletedPart sendNow(Part part) {
			try (part) {
				return PartPipeline.this.calls.uploadPart(this.key, this.uploadId, part.number(), part.bytes());
			}
			finally {
				this.slots.release();
			}
		}

		private void throwIfFailed() {
			for (CompletableFuture<CompletedPart> part : this.parts) {
				if (part.isCompletedExceptionally()) {
					await(part);
				}
			}
		}

		private CompletedPart await(CompletableFuture<CompletedPart> part) {
			try {
				return part.join();
			}
			catch (CompletionException ex) {
				if (ex.getCause() instanceof ObjectStoreException cause) {
					throw cause;
				}
				throw ex;
			}
		}

		private void abort() {
			this.parts.forEach((part) -> part.exceptionally((ex) -> null).join());
			PartPipeline.this.calls.abortOrLog(this.key, this.uploadId);
		}

	}

}
