package dev.stowage.storage.s3.parts;

import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import dev.stowage.storage.ObjectKey;
import dev.stowage.storage.ObjectRange;
import dev.stowage.storage.ObjectReplacedException;
import dev.stowage.storage.ObjectStoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.metrics.CoreMetric;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.metrics.MetricCollection;
import software.amazon.awssdk.metrics.MetricPublisher;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsResponse;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * The S3 calls that send bytes. Every exception of the SDK is the store's failure, even
 * if its client was closed during the call.
 */
public record UploadCalls(S3Client s3, String bucket, S3Timeouts timeouts) {

	private static final Logger logger = LoggerFactory.getLogger(UploadCalls.class);

	/** The content type of every object; a download's type is signed with its URL. */
	public static final String TYPE = "application/octet-stream";

	void putObject(ObjectKey key, PartBytes bytes) {
		call("PutObject", key,
				() -> this.s3.putObject((request) -> request.bucket(this.bucket)
					.key(key.value())
					.overrideConfiguration(this.timeouts.toSend(bytes.length())), body(bytes)));
	}

	/** Creates a multipart upload, the only one of its key, and returns its id. */
	String create(ObjectKey key) {
		AtomicBoolean repeated = new AtomicBoolean();
		String id = call("CreateMultipartUpload", key, () -> createOne(key, repeated));
		if (repeated.get()) {
			call("ListMultipartUploads", key, () -> open(this.s3, this.bucket, key)).stream()
				.filter((other) -> !other.uploadId().equals(id))
				.forEach((other) -> abort(key, other.uploadId()));
		}
		return id;
	}

	/** The uploads that are open under a key. */
	public static List<MultipartUpload> open(S3Client s3, String bucket, ObjectKey key) {
		ListMultipartUploadsResponse answer = s3
			.listMultipartUploads((request) -> request.bucket(bucket).prefix(key.value()));
		// the SDK reads an empty answer as one that names no uploads
		if (answer.bucket() == null) {
			throw new IllegalStateException("The answer is empty");
		}
		return answer.uploads().stream().filter((upload) -> upload.key().equals(key.value())).toList();
	}

	private String createOne(ObjectKey key, AtomicBoolean repeated) {
		String id = this.s3
			.createMultipartUpload((request) -> request.bucket(this.bucket)
				.key(key.value())
				.contentType(TYPE)
				.overrideConfiguration((call) -> call.addMetricPublisher(telling(repeated))))
			.uploadId();
		// the SDK accepts an empty answer
		if (id == null || id.isEmpty()) {
			throw new IllegalStateException("The answer names no upload");
		}
		return id;
	}

	/**
	 * A request that is repeated because the first answer was lost may create two
	 * uploads.
	 */
	private static MetricPublisher telling(AtomicBoolean repeated) {
		return new MetricPublisher() {

			@Override
			public void publish(MetricCollection call) {
				repeated.set(call.metricValues(CoreMetric.RETRY_COUNT).stream().anyMatch((count) -> count > 0));
			}

			@Override
			public void close() {
				// nothing to close
			}

		};
	}

	CompletedPart uploadPart(ObjectKey key, String uploadId, int number, PartBytes bytes) {
		return uploadPart(key, uploadId, number, bytes.length(), body(bytes));
	}

	/**
	 * Sends a range as it is read, which takes little memory whatever its length.
	 * @param open opens a range, as often as a call is repeated
	 * @throws ObjectReplacedException when the source is missing or was replaced
	 */
	CompletedPart uploadPart(ObjectKey key, String uploadId, int number, ObjectRange source,
			Function<ObjectRange, InputStream> open) {
		try {
			return uploadPart(key, uploadId, number, source.length(),
					RequestBody.fromContentProvider(() -> open.apply(source), source.length(), TYPE));
		}
		catch (ObjectStoreException ex) {
			for (Throwable cause = ex.getCause(); cause != null; cause = cause.getCause()) {
				if (cause instanceof ObjectReplacedException replaced) {
					throw replaced;
				}
			}
			throw ex;
		}
	}

	private CompletedPart uploadPart(ObjectKey key, String uploadId, int number, long length, RequestBody body) {
		String etag = call("UploadPart", key,
				() -> this.s3.uploadPart((request) -> request.bucket(this.bucket)
					.key(key.value())
					.uploadId(uploadId)
					.partNumber(number)
					.overrideConfiguration(this.timeouts.toSend(length)), body))
			.eTag();
		return CompletedPart.builder().partNumber(number).eTag(etag).build();
	}

	void complete(ObjectKey key, String uploadId, List<CompletedPart> parts, long size) {
		call("CompleteMultipartUpload", key, () -> {
			try {
				CompleteMultipartUploadResponse answer = this.s3
					.completeMultipartUpload((request) -> request.bucket(this.bucket)
						.key(key.value())
						.uploadId(uploadId)
						.overrideConfiguration(this.timeouts.toAssemble(size))
						.multipartUpload((upload) -> upload.parts(parts)));
				// the status 200 is sent before the work is done, so it does not prove
				// success
				if (answer.key() == null && !isThere(key, size)) {
					throw new IllegalStateException("The answer does not confirm the completion");
				}
			}
			catch (S3Exception ex) {
				if (!S3Failures.saysThatPartsAreGone(ex) || !isThere(key, size)) {
					throw ex;
				}
			}
			return key;
		});
	}

	/**
	 * The tags of the parts that an upload has, without quotes; empty if it is not open.
	 */
	Optional<Map<Integer, String>> tags(ObjectKey key, String uploadId) {
		return S3Failures.ifThere("ListParts", key,
				() -> this.s3
					.listPartsPaginator((request) -> request.bucket(this.bucket).key(key.value()).uploadId(uploadId))
					.parts()
					.stream()
					.collect(Collectors.toMap((part) -> part.partNumber(), (part) -> tag(part.eTag()))));
	}

	/** A tag without the quotes that not every answer has. */
	static String tag(String etag) {
		return etag.replace("\"", "");
	}

	/** Whether there is an object of this size. */
	boolean holds(ObjectKey key, long size) {
		return call("HeadObject", key, () -> isThere(key, size));
	}

	/**
	 * A request that is repeated because its first answer was lost finds no upload, or
	 * parts that the engine is removing.
	 */
	private boolean isThere(ObjectKey key, long size) {
		try {
			return this.s3.headObject((request) -> request.bucket(this.bucket).key(key.value()))
				.contentLength() == size;
		}
		catch (NoSuchKeyException ex) {
			return false;
		}
	}

	void abort(ObjectKey key, String uploadId) {
		call("AbortMultipartUpload", key, () -> this.s3
			.abortMultipartUpload((request) -> request.bucket(this.bucket).key(key.value()).uploadId(uploadId)));
	}

	/** Aborts what has failed already. */
	void abortOrLog(ObjectKey key, String uploadId) {
		cleanUp("Could not abort the upload to {}; the sweeper aborts it later: {}", key, () -> abort(key, uploadId));
	}

	/** Removes the object, which may not exist, because what created it has failed. */
	void removeOrLog(ObjectKey key) {
		cleanUp("Could not remove {}; the sweeper removes it later: {}", key, () -> call("DeleteObject", key,
				() -> this.s3.deleteObject((request) -> request.bucket(this.bucket).key(key.value()))));
	}

	private static void cleanUp(String otherwise, ObjectKey key, Runnable call) {
		// the SDK makes no call on an interrupted thread
		boolean interrupted = Thread.interrupted();
		try {
			call.run();
		}
		catch (ObjectStoreException ex) {
			logger.warn(otherwise, key, ex.getMessage());
		}
		finally {
			if (interrupted) {
				Thread.currentThread().interrupt();
			}
		}
	}

	private static RequestBody body(PartBytes bytes) {
		return RequestBody.fromContentProvider(bytes::open, bytes.length(), TYPE);
	}

	private static <T> T call(String operation, ObjectKey key, Supplier<T> call) {
		try {
			return call.get();
		}
		catch (RuntimeException ex) {
			throw S3Failures.failure(operation, key, ex);
		}
	}

}
