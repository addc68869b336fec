package dev.stowage.storage.s3.parts;

import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

import dev.stowage.storage.ObjectDamagedException;
import dev.stowage.storage.ObjectInfo;
import dev.stowage.storage.ObjectKey;
import dev.stowage.storage.ObjectRange;
import dev.stowage.storage.ObjectReplacedException;
import dev.stowage.storage.ObjectStore;
import dev.stowage.storage.ObjectStoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.CopyPartResult;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.MetadataDirective;
import software.amazon.awssdk.services.s3.model.NoSuchUploadException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * The S3 calls that copy bytes inside the store, and the call that describes an object.
 * Each copy of a known tag is requested with {@code x-amz-copy-source-if-match}, which
 * not every engine obeys.
 */
public record CopyCalls(S3Client s3, String bucket, S3Timeouts timeouts) {

	private static final Logger logger = LoggerFactory.getLogger(CopyCalls.class);

	private static final int NOT_FOUND = 404;

	private static final int NOT_IMPLEMENTED = 501;

	private static final Set<Integer> MAY_PASS = Set.of(408, 425, 429);

	/** See {@link ObjectStore#find}. */
	public Optional<ObjectInfo> find(ObjectKey key) {
		return S3Failures.ifThere("HeadObject", key, () -> {
			HeadObjectResponse head = this.s3.headObject((request) -> request.bucket(this.bucket).key(key.value()));
			return new ObjectInfo(key, head.contentLength(), unquoted(head.eTag()));
		});
	}

	/** See {@link ObjectStore#copy}. Copies a whole object. */
	public Optional<ObjectInfo> copyObject(ObjectRange source, ObjectKey target) {
		return S3Failures.ifThere("CopyObject", source.key(), () -> {
			String etag = this.s3
				.copyObject((request) -> request.sourceBucket(this.bucket)
					.sourceKey(source.key().value())
					.copySourceIfMatch(source.etag().orElse(null))
					// otherwise headers that a client set on its PUT would be copied
					.metadataDirective(MetadataDirective.REPLACE)
					.contentType(UploadCalls.TYPE)
					.overrideConfiguration(this.timeouts.toAssemble(source.size()))
					.destinationBucket(this.bucket)
					.destinationKey(target.value()))
				.copyObjectResult()
				.eTag();
			return new ObjectInfo(target, source.size(), unquoted(etag));
		});
	}

	/**
	 * Copies a whole object, as a whole.
	 * @return empty if the engine refuses to copy an object that is there
	 * @throws ObjectReplacedException when the source is missing, or is known to have
	 * been replaced
	 */
	Optional<ObjectInfo> copyWhole(ObjectRange source, ObjectKey target) {
		return unlessRefused(source, () -> copyObject(source, target));
	}

	/**
	 * Copies a range to a part of an upload.
	 * @return empty if the engine refuses to copy an object that is there
	 * @throws ObjectReplacedException when the source is missing, or is known to have
	 * been replaced
	 */
	Optional<CompletedPart> copyPart(ObjectRange source, ObjectKey target, String uploadId, int number) {
		return unlessRefused(source,
				() -> S3Failures.ifThere("UploadPartCopy", source.key(), () -> copy(source, target, uploadId, number)));
	}

	/**
	 * A missing object may be refused like a forbidden one, and a range that a new object
	 * does not have like a bad request.
	 */
	private <T> Optional<T> unlessRefused(ObjectRange source, Supplier<Optional<T>> copy) {
		try {
			return Optional.of(copy.get().orElseThrow(() -> new ObjectReplacedException(source.key())));
		}
		catch (ObjectStoreException ex) {
			if (!isRefusal(ex)) {
				throw ex;
			}
			requireUnchanged(source);
			logger.debug("The store does not copy an object, so its bytes pass this server: {}", ex.getMessage());
			return Optional.empty();
		}
	}

	private CompletedPart copy(ObjectRange source, ObjectKey target, String uploadId, int number) {
		try {
			CopyPartResult copied = this.s3
				.uploadPartCopy((request) -> request.sourceBucket(this.bucket)
					.sourceKey(source.key().value())
					.copySourceIfMatch(source.etag().orElse(null))
					.copySourceRange(source.isWhole() ? null : header(source))
					.overrideConfiguration(this.timeouts.toAssemble(source.length()))
					.destinationBucket(this.bucket)
					.destinationKey(target.value())
					.uploadId(uploadId)
					.partNumber(number))
				.copyPartResult();
			// the status 200 is sent before the work is done, so it does not prove
			// success
			if (copied == null || copied.eTag() == null) {
				throw new IllegalStateException("The answer does not confirm the copy");
			}
			return CompletedPart.builder().partNumber(number).eTag(copied.eTag()).build();
		}
		catch (NoSuchUploadException ex) {
			// the source may well be there
			throw new IllegalStateException("The upload is no longer open", ex);
		}
	}

	private static String header(ObjectRange source) {
		return "bytes=" + source.offset() + "-" + (source.offset() + source.length() - 1);
	}

	private static boolean isRefusal(ObjectStoreException ex) {
		return ex.getCause() instanceof S3Exception answer
				&& (answer.statusCode() == NOT_IMPLEMENTED || (answer.statusCode() >= 400 && answer.statusCode() < 500
						&& answer.statusCode() != NOT_FOUND && !MAY_PASS.contains(answer.statusCode())));
	}

	/**
	 * Returns if the object is still what the range was made for.
	 * @throws ObjectReplacedException when it is missing, or has another tag
	 * @throws ObjectDamagedException when an object without a known tag has another size
	 */
	void requireUnchanged(ObjectRange source) {
		ObjectInfo found = find(source.key()).orElseThrow(() -> new ObjectReplacedException(source.key()));
		if (!source.object().orElse(found).equals(found)) {
			throw new ObjectReplacedException(source.key());
		}
		if (found.size() != source.size()) {
			throw new ObjectDamagedException(source.key(), found.size() + " bytes, not " + source.size());
		}
	}

	private static String unquoted(String etag) {
		return etag.replace("\"", "");
	}

}
