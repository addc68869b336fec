package dev.stowage.storage.s3.parts;

import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.stowage.storage.GrowingObject;
import dev.stowage.storage.GrowingObject.StoredPart;
import dev.stowage.storage.ObjectDamagedException;
import dev.stowage.storage.ObjectStore;
import dev.stowage.storage.ObjectStoreException;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * The completion of an upload that may be days old. See {@link ObjectStore#finish}.
 *
 * @param parts that were reported
 * @param size of all of them together
 */
record AppendCompletion(UploadCalls calls, GrowingObject object, List<StoredPart> parts, long size) {

	private static final int BAD_REQUEST = 400;

	void make() {
		List<CompletedPart> completed = this.parts.stream()
			.map((part) -> CompletedPart.builder().partNumber(part.number()).eTag(part.etag()).build())
			.toList();
		try {
			this.calls.complete(this.object.key(), upload(), completed, this.size);
		}
		catch (ObjectStoreException ex) {
			if (!hasTakenEffect(ex)) {
				throw ex;
			}
		}
	}

	private String upload() {
		return this.object.upload().orElseThrow();
	}

	/**
	 * Looks why it failed, because not every engine says it; false if it may be tried
	 * again.
	 */
	private boolean hasTakenEffect(ObjectStoreException failure) {
		Optional<Map<Integer, String>> tags;
		try {
			tags = this.calls.tags(this.object.key(), upload());
		}
		catch (ObjectStoreException ex) {
			return false;
		}
		Optional<String> obstacle = obstacle(tags, failure);
		if (obstacle.isEmpty()) {
			return false;
		}
		// engines remove the upload and its parts after the object has appeared
		if (this.calls.holds(this.object.key(), this.size)) {
			return true;
		}
		throw new ObjectDamagedException(this.object.key(), obstacle.get());
	}

	/** Why no further attempt can succeed, given the tags of the upload's parts. */
	private Optional<String> obstacle(Optional<Map<Integer, String>> tags, ObjectStoreException failure) {
		if (tags.isEmpty()) {
			return Optional.of("no open upload");
		}
		for (StoredPart part : this.parts) {
			if (!UploadCalls.tag(part.etag()).equals(tags.get().get(part.number()))) {
				return Optional.of("another part " + part.number());
			}
		}
		// Ceph requires all parts that the upload has
		boolean isRefused = failure.getCause() instanceof S3Exception refusal && refusal.statusCode() == BAD_REQUEST;
		return (isRefused && tags.get().size() > this.parts.size()) ? Optional.of("parts that were not reported")
				: Optional.empty();
	}

}
