package dev.stowage.sweep;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import dev.stowage.file.FileId;
import dev.stowage.file.FileStatus;
import dev.stowage.file.ObjectKeys;
import dev.stowage.file.UploadMethod;
import dev.stowage.owner.Owner;
import dev.stowage.storage.ObjectKey;

/**
 * A file that the sweeper found due.
 *
 * @param status {@link FileStatus#DELETING}, or {@link FileStatus#AVAILABLE} where only
 * the remains of its upload must be removed
 * @param bytes 0 for an unfinished upload through the server
 * @param key where its bytes are, or would have been
 * @param copies how many copy keys its row has ever named
 * @param parts how many keys of parts its row has ever named
 * @param uploadEndsAt until when bytes may still arrive; empty: none can
 * @param attempts how often it was claimed since it was last finished, including this
 * time
 */
record DueFile(FileId id, Owner owner, UploadMethod method, FileStatus status, long bytes, ObjectKey key, int copies,
		int parts, Optional<Instant> uploadEndsAt, int attempts) {

	/**
	 * Whether multipart uploads may be open under its key, so that they must be listed.
	 */
	boolean mayHaveOpenUploads() {
		return this.method == UploadMethod.MULTIPART && this.bytes == 0;
	}

	/** How the other keys begin under which multipart uploads may be open. */
	List<String> openPrefixes() {
		return this.method.leavesParts() ? List.of(ObjectKeys.parts(this.id), ObjectKeys.copies(this.id)) : List.of();
	}

	/** Whether it needs calls of its own. */
	boolean isAlone() {
		return mayHaveOpenUploads() || this.method.leavesParts();
	}

	/** The objects to remove. */
	List<ObjectKey> keys() {
		if (this.method == UploadMethod.MULTIPART) {
			return List.of(this.key);
		}
		List<ObjectKey> keys = new ArrayList<>();
		for (int number = 1; number <= this.parts; number++) {
			keys.add(ObjectKeys.part(this.id, number));
		}
		if (this.method == UploadMethod.PRESIGNED) {
			keys.add(ObjectKeys.staging(this.id));
		}
		for (int number = 1; number <= this.copies; number++) {
			ObjectKey copy = ObjectKeys.copy(this.id, number);
			if (this.status == FileStatus.DELETING || !copy.equals(this.key)) {
				keys.add(copy);
			}
		}
		return keys;
	}

	/** Whether bytes may still arrive after the given time. */
	boolean isOpenAfter(Instant time) {
		return this.uploadEndsAt.filter((end) -> end.isAfter(time)).isPresent();
	}

}
