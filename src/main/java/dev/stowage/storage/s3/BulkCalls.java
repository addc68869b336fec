package dev.stowage.storage.s3;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

import dev.stowage.storage.ObjectKey;
import dev.stowage.storage.ObjectPage;
import dev.stowage.storage.ObjectStore;
import dev.stowage.storage.ObjectStore.OpenUpload;
import dev.stowage.storage.ObjectStoreException;
import dev.stowage.storage.s3.parts.S3Failures;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.s3.LegacyMd5Plugin;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.DeleteObjectsResponse;
import software.amazon.awssdk.services.s3.model.DeletedObject;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.NoSuchBucketException;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.S3Error;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * The S3 calls that remove or list many objects. An engine that does not support
 * {@code DeleteObjects}, or answers it wrongly, gets one {@code DeleteObject} for each
 * key instead, and is tried again some minutes later.
 */
final class BulkCalls {

	private static final Logger logger = LoggerFactory.getLogger(BulkCalls.class);

	/** S3 allows 1,000, but a call must end within its timeout. */
	private static final int MAX_KEYS = 250;

	private static final long SINGLY_FOR_NANOS = 600_000_000_000L;

	private static final Set<Integer> MAY_PASS = Set.of(408, 425, 429);

	private final S3Client s3;

	private final String bucket;

	private final Consumer<ObjectKey> deleteOne;

	private volatile boolean singly;

	private volatile long singlySince;

	BulkCalls(S3Client s3, String bucket, Consumer<ObjectKey> deleteOne) {
		this.s3 = s3;
		this.bucket = bucket;
		this.deleteOne = deleteOne;
	}

	/** See {@link ObjectStore#deleteAll}. */
	Map<ObjectKey, String> deleteAll(List<ObjectKey> keys) {
		Map<ObjectKey, String> refused = new LinkedHashMap<>();
		for (int from = 0; from < keys.size(); from += MAX_KEYS) {
			refused.putAll(deleteSome(keys.subList(from, Math.min(keys.size(), from + MAX_KEYS))));
		}
		return refused;
	}

	private Map<ObjectKey, String> deleteSome(List<ObjectKey> keys) {
		if (keys.size() == 1 || (this.singly && System.nanoTime() - this.singlySince < SINGLY_FOR_NANOS)) {
			return deleteSingly(keys);
		}
		DeleteObjectsResponse answer;
		try {
			answer = this.s3.deleteObjects((request) -> request.bucket(this.bucket)
				.delete((delete) -> delete
					.objects(keys.stream().map((key) -> ObjectIdentifier.builder().key(key.value()).build()).toList()))
				// many engines require the Content-MD5 that the SDK no longer sends
				.overrideConfiguration((call) -> call.addPlugin(LegacyMd5Plugin.create())));
		}
		catch (RuntimeException ex) {
			if (isRefusal(ex)) {
				useSingleCalls(ex.toString());
				return deleteSingly(keys);
			}
			throw S3Failures.failure("DeleteObjects", keys.getFirst(), ex);
		}
		return read(keys, answer);
	}

	/** Only keys that the answer names as deleted count as deleted. */
	private Map<ObjectKey, String> read(List<ObjectKey> keys, DeleteObjectsResponse answer) {
		Set<String> deleted = new HashSet<>(answer.deleted().stream().map(DeletedObject::key).toList());
		Map<String, String> errors = new LinkedHashMap<>();
		for (S3Error error : answer.errors()) {
			if ("NoSuchKey".equals(error.code())) {
				deleted.add(error.key());
			}
			else {
				errors.put(error.key(), error.code() + ": " + error.message());
			}
		}
		Map<ObjectKey, String> refused = new LinkedHashMap<>();
		List<ObjectKey> unanswered = new ArrayList<>();
		for (ObjectKey key : keys) {
			String error = errors.get(key.value());
			if (error != null) {
				refused.put(key, error);
			}
			else if (!deleted.contains(key.value())) {
				unanswered.add(key);
			}
		}
		if (!unanswered.isEmpty()) {
			useSingleCalls("the answer leaves out " + unanswered.size() + " of " + keys.size() + " keys");
			refused.putAll(deleteSingly(unanswered));
		}
		return refused;
	}

	/**
	 * A failing store ends this immediately; one that refuses a key may accept others.
	 */
	private Map<ObjectKey, String> deleteSingly(List<ObjectKey> keys) {
		Map<ObjectKey, String> refused = new LinkedHashMap<>();
		for (ObjectKey key : keys) {
			try {
				this.deleteOne.accept(key);
			}
			catch (ObjectStoreException ex) {
				if (!(ex.getCause() instanceof RuntimeException cause) || !isRefusal(cause)) {
					throw ex;
				}
				refused.put(key, String.valueOf(ex.getMessage()));
			}
		}
		return refused;
	}

	private static boolean isRefusal(RuntimeException ex) {
		return ex instanceof S3Exception answer && !(ex instanceof NoSuchBucketException)
				&& ((answer.statusCode() < 500 && !MAY_PASS.contains(answer.statusCode()))
						|| answer.statusCode() == 501);
	}

	private synchronized void useSingleCalls(String reason) {
		if (!this.singly) {
			logger.info("The store does not delete many objects in one call, so each object gets its own: {}", reason);
		}
		this.singlySince = System.nanoTime();
		this.singly = true;
	}

	/** See {@link ObjectStore#forEachUpload}. */
	void forEachUpload(String prefix, Consumer<OpenUpload> action) {
		ListMultipartUploadsResponse page = uploads(prefix, null, null);
		report(prefix, page, action);
		while (page.isTruncated()) {
			String key = page.nextKeyMarker();
			String id = page.nextUploadIdMarker();
			page = uploads(prefix, key, id);
			// otherwise the listing would never end
			if (Objects.equals(key, page.nextKeyMarker()) && Objects.equals(id, page.nextUploadIdMarker())) {
				throw new ObjectStoreException("ListMultipartUploads of " + prefix + " does not continue", null);
			}
			report(prefix, page, action);
		}
	}

	private ListMultipartUploadsResponse uploads(String prefix, @Nullable String key, @Nullable String id) {
		try {
			ListMultipartUploadsResponse page = this.s3.listMultipartUploads((request) -> request.bucket(this.bucket)
				.prefix(prefix)
				.maxUploads(MAX_KEYS)
				.keyMarker(key)
				.uploadIdMarker(id));
			// the SDK reads an empty answer as one that names no uploads
			if (page.bucket() == null) {
				throw new IllegalStateException("The answer is empty");
			}
			return page;
		}
		catch (RuntimeException ex) {
			throw S3Failures.failure("ListMultipartUploads", prefix, ex);
		}
	}

	private static void report(String prefix, ListMultipartUploadsResponse page, Consumer<OpenUpload> action) {
		page.uploads()
			.stream()
			// not every engine obeys the prefix
			.filter((upload) -> upload.key().startsWith(prefix))
			.map((upload) -> new OpenUpload(upload.key(), upload.uploadId(), upload.initiated()))
			.forEach(action);
	}

	/** See {@link ObjectStore#abort}. Another instance may have done it already. */
	void abort(OpenUpload upload) {
		S3Failures.ifThere("AbortMultipartUpload", upload.key(), () -> this.s3
			.abortMultipartUpload((request) -> request.bucket(this.bucket).key(upload.key()).uploadId(upload.id())));
	}

	/** See {@link ObjectStore#list}. */
	ObjectPage list(String prefix, Optional<String> after, int limit) {
		try {
			ListObjectsV2Response answer = this.s3.listObjectsV2((request) -> request.bucket(this.bucket)
				.prefix(prefix)
				.startAfter(after.orElse(null))
				.maxKeys(limit));
			// the SDK reads an empty answer as one that names no objects
			if (answer.isTruncated() == null) {
				throw new IllegalStateException("The answer is empty");
			}
			List<ObjectPage.Listed> objects = answer.contents()
				.stream()
				.map((object) -> new ObjectPage.Listed(object.key(), object.size(), object.lastModified()))
				.toList();
			requireBehind(after, objects);
			return new ObjectPage(objects,
					Optional.of(objects)
						.filter((some) -> answer.isTruncated() && !some.isEmpty())
						.map((some) -> some.getLast().key()));
		}
		catch (RuntimeException ex) {
			throw S3Failures.failure("ListObjectsV2", prefix, ex);
		}
	}

	/** Otherwise a listing would never end on an engine that does not continue it. */
	private static void requireBehind(Optional<String> after, List<ObjectPage.Listed> objects) {
		if (after.isPresent() && !objects.isEmpty() && objects.getLast().key().compareTo(after.get()) <= 0) {
			throw new IllegalStateException("The answer does not continue after the requested key");
		}
	}

}
