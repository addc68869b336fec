package dev.stowage.storage.s3;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

import dev.stowage.memory.UploadMemory;
import dev.stowage.storage.Checksum;
import dev.stowage.storage.GrowingObject;
import dev.stowage.storage.GrowingObject.StoredPart;
import dev.stowage.storage.IncomingBytes;
import dev.stowage.storage.ObjectInfo;
import dev.stowage.storage.ObjectKey;
import dev.stowage.storage.ObjectPage;
import dev.stowage.storage.ObjectRange;
import dev.stowage.storage.ObjectReplacedException;
import dev.stowage.storage.ObjectStore;
import dev.stowage.storage.ObjectStoreException;
import dev.stowage.storage.ObjectTooLargeException;
import dev.stowage.storage.SignedRequest;
import dev.stowage.storage.s3.parts.AppendPipeline;
import dev.stowage.storage.s3.parts.Composer;
import dev.stowage.storage.s3.parts.CopyCalls;
import dev.stowage.storage.s3.parts.PartPipeline;
import dev.stowage.storage.s3.parts.S3Failures;
import dev.stowage.storage.s3.parts.S3Timeouts;
import dev.stowage.storage.s3.parts.UploadCalls;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.MultipartUpload;

/**
 * {@link ObjectStore} over any engine that speaks S3.
 * <p>
 * Needs, on the objects of its bucket, {@code s3:PutObject}, {@code s3:GetObject},
 * {@code s3:DeleteObject}, {@code s3:AbortMultipartUpload} and
 * {@code s3:ListMultipartUploadParts}; on the bucket, {@code s3:ListBucket} (for the
 * listing of one prefix; without it a missing object answers 403, not 404) and
 * {@code s3:ListBucketMultipartUploads}.
 * <p>
 * Relies on strong read-after-write consistency, on Signature Version 4 with its expiry,
 * and on {@code If-Match} for reads. Needs no checksum trailers, no tags and no
 * versioning. A copy is requested with {@code x-amz-copy-source-if-match}, which not
 * every engine obeys: see {@link ObjectStore#copy} and {@link ObjectStore#compose}.
 */
class S3ObjectStore implements ObjectStore {

	/** The limit of one {@code CopyObject}, as of one {@code PUT}: 5 GiB. */
	private static final long MAX_COPY_SIZE = 5L << 30;

	/** Health checks need a fast answer. */
	private static final Duration PING_TIMEOUT = Duration.ofSeconds(5);

	private final S3Client s3;

	private final UrlSigner signer;

	private final UploadGate uploads;

	private final String bucket;

	private final PartPipeline pipeline;

	private final AppendPipeline appends;

	private final CopyCalls copies;

	private final Composer composer;

	private final ReadCalls reads;

	private final BulkCalls bulk;

	S3ObjectStore(S3Client s3, UrlSigner signer, UploadGate uploads, String bucket, UploadMemory memory,
			S3Timeouts timeouts) {
		this.s3 = s3;
		this.signer = signer;
		this.uploads = uploads;
		this.bucket = bucket;
		UploadCalls calls = new UploadCalls(s3, bucket, timeouts);
		this.pipeline = new PartPipeline(calls, memory);
		this.appends = new AppendPipeline(calls, memory);
		this.copies = new CopyCalls(s3, bucket, timeouts);
		this.reads = new ReadCalls(s3, bucket, timeouts.pause());
		this.composer = new Composer(calls, this.copies, this::open, memory);
		this.bulk = new BulkCalls(s3, bucket, this::delete);
	}

	@Override
	public long maxSize() {
		return this.pipeline.maxSize();
	}

	@Override
	public long maxAppendedSize() {
		return this.appends.maxSize();
	}

	@Override
	public long maxCopySize() {
		return MAX_COPY_SIZE;
	}

	@Override
	public SignedRequest signPut(ObjectKey key, Duration validity) {
		this.uploads.requireOpen();
		return this.signer.put(key, validity);
	}

	@Override
	public SignedRequest signPut(ObjectKey key, Duration validity, long length) {
		this.uploads.requireOpen();
		return this.signer.put(key, validity, length);
	}

	@Override
	public SignedRequest signGet(ObjectKey key, Duration validity, String contentType, String contentDisposition) {
		return this.signer.get(key, validity, contentType, contentDisposition);
	}

	@Override
	public Checksum put(ObjectKey key, IncomingBytes bytes) throws IOException, ObjectTooLargeException {
		return this.pipeline.put(key, bytes);
	}

	@Override
	public Optional<ObjectInfo> find(ObjectKey key) {
		return this.copies.find(key);
	}

	@Override
	public Optional<InputStream> open(ObjectKey key, long size, long offset, long length) {
		return S3Failures.ifThere("GetObject", key, () -> this.reads.open(key, size, offset, length));
	}

	@Override
	public Optional<InputStream> open(ObjectInfo object) {
		return S3Failures.ifThere("GetObject", object.key(), () -> this.reads.open(object));
	}

	@Override
	public Optional<ObjectInfo> copy(ObjectInfo source, ObjectKey target) {
		return this.copies.copyObject(ObjectRange.of(source), target);
	}

	@Override
	public Optional<ObjectInfo> compose(List<ObjectRange> sources, ObjectKey target, String sender, Runnable progress) {
		return this.composer.compose(sources, target, sender, progress);
	}

	@Override
	public void append(GrowingObject object, IncomingBytes bytes, GrowingObject.Log log)
			throws IOException, ObjectTooLargeException {
		this.appends.append(object, bytes, log);
	}

	@Override
	public void finish(GrowingObject object, List<StoredPart> parts, long size) {
		this.appends.finish(object, parts, size);
	}

	private InputStream open(ObjectRange range) {
		return S3Failures.ifThere("GetObject", range.key(), () -> this.reads.open(range))
			.orElseThrow(() -> new ObjectReplacedException(range.key()));
	}

	@Override
	public void delete(ObjectKey key) {
		S3Failures.ifThere("DeleteObject", key,
				() -> this.s3.deleteObject((request) -> request.bucket(this.bucket).key(key.value())));
	}

	@Override
	public Map<ObjectKey, String> deleteAll(List<ObjectKey> keys) {
		return this.bulk.deleteAll(keys);
	}

	@Override
	public ObjectPage list(String prefix, Optional<String> after, int limit) {
		return this.bulk.list(prefix, after, limit);
	}

	@Override
	public void deleteUploads(ObjectKey key) {
		S3Failures.ifThere("ListMultipartUploads", key, () -> UploadCalls.open(this.s3, this.bucket, key))
			.stream()
			.flatMap(List::stream)
			.forEach((upload) -> abort(key, upload));
		// last, so that no upload can be completed after it
		delete(key);
	}

	private void abort(ObjectKey key, MultipartUpload upload) {
		S3Failures.ifThere("AbortMultipartUpload", key, () -> this.s3.abortMultipartUpload(
				(request) -> request.bucket(this.bucket).key(upload.key()).uploadId(upload.uploadId())));
	}

	@Override
	public void abortUploads(String prefix) {
		this.bulk.forEachUpload(prefix, this.bulk::abort);
	}

	@Override
	public void forEachUpload(String prefix, Consumer<OpenUpload> action) {
		this.bulk.forEachUpload(prefix, action);
	}

	@Override
	public void abort(OpenUpload upload) {
		this.bulk.abort(upload);
	}

	@Override
	public void ping() {
		try {
			this.s3.headBucket((request) -> request.bucket(this.bucket)
				.overrideConfiguration((call) -> call.apiCallTimeout(PING_TIMEOUT)));
		}
		catch (RuntimeException ex) {
			throw new ObjectStoreException("HeadBucket failed: " + ex, ex);
		}
	}

}
