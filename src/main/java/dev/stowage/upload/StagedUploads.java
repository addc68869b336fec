package dev.stowage.upload;

import java.io.InputStream;
import java.util.Optional;
import java.util.function.UnaryOperator;

import dev.stowage.file.FileException;
import dev.stowage.file.FileId;
import dev.stowage.file.ObjectKeys;
import dev.stowage.storage.Checksum;
import dev.stowage.storage.ObjectInfo;
import dev.stowage.storage.ObjectKey;
import dev.stowage.storage.ObjectStore;
import dev.stowage.storage.ObjectStoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Objects that clients PUT to signed URLs. They are verified, and copied to where no
 * signed URL can write. A staged object may be replaced at any time, so every step is
 * pinned to one ETag.
 */
class StagedUploads {

	private static final Logger logger = LoggerFactory.getLogger(StagedUploads.class);

	private final ObjectStore store;

	private final JsonVerification json;

	private final long maxSize;

	StagedUploads(ObjectStore store, JsonVerification json, long maxSize) {
		this.store = store;
		this.json = json;
		this.maxSize = maxSize;
	}

	/**
	 * The uploaded object, if a file may have its size.
	 * @param isUrlEnded whether the client can no longer upload another one
	 */
	ObjectInfo find(FileId id, boolean isUrlEnded) {
		ObjectInfo staged = this.store.find(ObjectKeys.staging(id))
			.orElseThrow(() -> isUrlEnded ? FileException.NotUploaded.afterEnd(id) : new FileException.NotUploaded(id));
		requireSize(staged, isUrlEnded);
		return staged;
	}

	/** Copies the bytes that were verified, and no others. */
	ObjectInfo copy(FileId id, Verified staged, ObjectKey target) {
		ObjectInfo copy = this.store.copy(staged.object(), target).orElseThrow(() -> new FileException.Replaced(id));
		if (!copy.etag().equals(staged.object().etag())) {
			try {
				verifyCopy(id, staged, copy);
			}
			catch (FileException ex) {
				discard(target);
				throw ex;
			}
		}
		return copy;
	}

	/** The row names the key, so a copy that remains is swept later. */
	void discard(ObjectKey copy) {
		try {
			this.store.delete(copy);
		}
		catch (ObjectStoreException ex) {
			logger.warn("Could not remove {}; the sweeper removes it later: {}", copy, ex.getMessage());
		}
	}

	private void requireSize(ObjectInfo object, boolean isUrlEnded) {
		if (object.size() == 0) {
			throw new FileException.InvalidParameter("file",
					isUrlEnded ? "The uploaded file is empty, and its upload_url has ended. Create a new file."
							: "The uploaded file is empty. PUT a JSON value, then complete it again.");
		}
		if (object.size() > this.maxSize) {
			throw new FileException.TooLarge();
		}
	}

	/**
	 * Checks that what was uploaded is JSON.
	 * @param watched wraps the stream of its bytes to observe them
	 */
	Verified verify(FileId id, ObjectInfo object, UnaryOperator<InputStream> watched) {
		return new Verified(object, this.json.verify(id, object, watched));
	}

	/**
	 * Engines that encrypt give a copy a new tag, and some copy the object even if it was
	 * replaced. So if the tags differ, the source must be unchanged and the copy must be
	 * valid.
	 */
	private void verifyCopy(FileId id, Verified staged, ObjectInfo copy) {
		boolean unchanged = this.store.find(staged.object().key()).equals(Optional.of(staged.object()));
		ObjectInfo copied = this.store.find(copy.key()).orElseThrow(() -> new FileException.Replaced(id));
		if (!unchanged || copied.size() != staged.checksum().length()
				|| !verify(id, copied, UnaryOperator.identity()).checksum().equals(staged.checksum())) {
			throw new FileException.Replaced(id);
		}
	}

	/**
	 * Bytes that were verified.
	 *
	 * @param checksum the checksum of all of them
	 */
	record Verified(ObjectInfo object, Checksum checksum) {
	}

}
