package dev.stowage.storage.s3.parts;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import dev.stowage.memory.UploadMemory;
import dev.stowage.storage.Checksum;
import dev.stowage.storage.IncomingBytes;
import dev.stowage.storage.ObjectKey;
import dev.stowage.storage.ObjectStore;
import dev.stowage.storage.ObjectTooLargeException;
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
			begin(key, source, first.get()).run(first.get());
		}
		return source.total();
	}

	private Upload begin(ObjectKey key, PartSource source, Part first) {
		try {
			return new Upload(key, source);
		}
		catch (Throwable ex) {
			first.close();
			throw ex;
		}
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

		private final String uploadId;

		private final PartsInFlight<CompletedPart> parts;

		private Upload(ObjectKey key, PartSource source) {
			this.key = key;
			this.source = source;
			this.uploadId = PartPipeline.this.calls.create(key);
			this.parts = new PartsInFlight<>(PartPipeline.this.executor, this::send);
		}

		private CompletedPart send(Part part) {
			return PartPipeline.this.calls.uploadPart(this.key, this.uploadId, part.number(), part.bytes());
		}

		private void run(Part first) throws IOException, ObjectTooLargeException {
			try {
				this.parts.send(first);
				for (Optional<Part> part = this.source.next(); part.isPresent(); part = this.source.next()) {
					this.parts.send(part.get());
				}
				PartPipeline.this.calls.complete(this.key, this.uploadId, this.parts.results(),
						this.source.total().length());
			}
			catch (Throwable ex) {
				this.parts.awaitEnd();
				PartPipeline.this.calls.abortOrLog(this.key, this.uploadId);
				throw ex;
			}
		}

	}

}
