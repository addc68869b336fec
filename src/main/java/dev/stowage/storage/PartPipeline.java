package dev.stowage.storage;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;

import dev.stowage.storage.PartSource.Part;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.NoSuchUploadException;

/**
 * Sends a stream of unknown length to S3 in bounded memory: one {@code PutObject} where
 * one part holds it all, else a multipart upload with parts in flight while the next is
 * read. On any failure the upload is aborted, after its parts have ended, because some
 * engines keep a part that comes after the abort.
 */
final class PartPipeline {

	private static final Logger logger = LoggerFactory.getLogger(PartPipeline.class);

	private static final int IN_FLIGHT = 3;

	private static final String TYPE = "application/octet-stream";

	private final S3Client s3;

	private final String bucket;

	private final BufferPool pool;

	private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();

	PartPipeline(S3Client s3, String bucket, BufferPool pool) {
		this.s3 = s3;
		this.bucket = bucket;
		this.pool = pool;
	}

	long maxSize() {
		return new PartSizes(Integer.highestOneBit(this.pool.capacity())).total();
	}

	/** See {@link ObjectStore#put}. */
	long put(ObjectKey key, InputStream bytes, long limit) throws IOException, ObjectTooLargeException {
		PartSource source = new PartSource(bytes, limit, this.pool);
		Optional<Part> first = source.next();
		if (first.isPresent() && first.get().last()) {
			putWhole(key, source, first.get());
		}
		else if (first.isPresent()) {
			new Upload(key, source).run(first.get());
		}
		return source.total();
	}

	private void putWhole(ObjectKey key, PartSource source, Part part) {
		try {
			this.s3.putObject((request) -> request.bucket(this.bucket).key(key.value()), body(part));
		}
		catch (SdkException ex) {
			throw S3ObjectStore.failure("PutObject", key, ex);
		}
		finally {
			source.release(part);
		}
	}

	private static RequestBody body(Part part) {
		return RequestBody.fromContentProvider(part::open, part.length(), TYPE);
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
			try {
				create();
			}
			catch (SdkException ex) {
				this.source.release(first);
				throw S3ObjectStore.failure("CreateMultipartUpload", this.key, ex);
			}
			try {
				send(first);
				for (Optional<Part> part = this.source.next(); part.isPresent(); part = this.source.next()) {
					send(part.get());
				}
				complete();
			}
			catch (SdkException ex) {
				abort();
				throw S3ObjectStore.failure("multipart upload", this.key, ex);
			}
			catch (Throwable ex) {
				abort();
				throw ex;
			}
		}

		private void create() {
			this.uploadId = PartPipeline.this.s3
				.createMultipartUpload(
						(request) -> request.bucket(PartPipeline.this.bucket).key(this.key.value()).contentType(TYPE))
				.uploadId();
		}

		/** Waits for a slot, and for nothing once a part has failed. */
		private void send(Part part) {
			try {
				this.slots.acquireUninterruptibly();
				throwIfFailed();
				this.parts.add(CompletableFuture.supplyAsync(() -> sendNow(part), PartPipeline.this.executor));
			}
			catch (Throwable ex) {
				this.source.release(part);
				throw ex;
			}
		}

		private CompletedPart sendNow(Part part) {
			try {
				String etag = PartPipeline.this.s3
					.uploadPart((request) -> request.bucket(PartPipeline.this.bucket)
						.key(this.key.value())
						.uploadId(this.uploadId)
						.partNumber(part.number()), body(part))
					.eTag();
				return CompletedPart.builder().partNumber(part.number()).eTag(etag).build();
			}
			finally {
				this.source.release(part);
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
				if (ex.getCause() instanceof SdkException cause) {
					throw cause;
				}
				throw ex;
			}
		}

		private void complete() {
			List<CompletedPart> completed = this.parts.stream().map(this::await).toList();
			try {
				PartPipeline.this.s3.completeMultipartUpload((request) -> request.bucket(PartPipeline.this.bucket)
					.key(this.key.value())
					.uploadId(this.uploadId)
					.multipartUpload((upload) -> upload.parts(completed)));
			}
			catch (NoSuchUploadException ex) {
				if (!completedBefore()) {
					throw ex;
				}
			}
		}

		/** A repeated request whose first answer was lost finds its upload gone. */
		private boolean completedBefore() {
			long size = PartPipeline.this.s3
				.headObject((request) -> request.bucket(PartPipeline.this.bucket).key(this.key.value()))
				.contentLength();
			return size == this.source.total();
		}

		private void abort() {
			this.parts.forEach((part) -> part.exceptionally((ex) -> null).join());
			try {
				PartPipeline.this.s3.abortMultipartUpload((request) -> request.bucket(PartPipeline.this.bucket)
					.key(this.key.value())
					.uploadId(this.uploadId));
			}
			catch (SdkException ex) {
				logger.warn("Could not abort the upload to {} (the sweeper will): {}", this.key, ex.toString());
			}
		}

	}

}
