package dev.stowage.sweep;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import dev.stowage.file.FileId;
import dev.stowage.file.FileStatus;
import dev.stowage.file.ObjectKeys;
import dev.stowage.file.Style;
import dev.stowage.owner.Owner;
import dev.stowage.storage.ObjectKey;

/**
 * What the sweeper found due.
 *
 * @param status {@link FileStatus#DELETING}, or {@link FileStatus#AVAILABLE} where only
 * what its upload left behind is to go
 * @param bytes 0 for an upload through us that did not end
 * @param key where its bytes are, or were to be
 * @param copies how many copy keys were ever named for it
 * @param uploadEndsAt until when bytes may still come; empty: none can
 * @param attempts how often it was claimed since it was last done, this time included
 */
record DueFile(FileId id, Owner owner, Style style, FileStatus status, long bytes, ObjectKey key, int copies,
		Optional<Instant> uploadEndsAt, int attempts) {

	/** Whether multipart uploads may be open under its key, which must be listed. */
	boolean mayHaveOpenUploads() {
		return this.style == Style.MULTIPART && this.bytes == 0;
	}

	/** The objects that are to go. */
	List<ObjectKey> keys() {
		if (this.style == Style.MULTIPART) {
			return List.of(this.key);
		}
		List<ObjectKey> keys = new ArrayList<>();
		keys.add(ObjectKeys.staging(this.id));
		for (int number = 1; number <= this.copies; number++) {
			ObjectKey copy = ObjectKeys.copy(this.id, number);
			if (this.status == FileStatus.DELETING || !copy.equals(this.key)) {
				keys.add(copy);
			}
		}
		return keys;
	}

	/** Whether bytes may come after a time. */
	boolean isOpenAfter(Instant time) {
		return this.uploadEndsAt.filter((end) -> end.isAfter(time)).isPresent();
	}

}
