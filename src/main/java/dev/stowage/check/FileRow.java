package dev.stowage.check;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

import dev.stowage.file.FileId;
import dev.stowage.file.FileStatus;
import dev.stowage.file.UploadMethod;
import dev.stowage.storage.ObjectKey;

/**
 * A row of a file, with what names its objects.
 *
 * @param method how its bytes come in; empty: a word of a newer version
 * @param status its state; empty: a word of a newer version
 * @param bytes its length; 0 while pending
 * @param key where its bytes are, or will be
 * @param copies how many copy keys it has ever named
 * @param parts how many keys of parts it has ever named
 * @param uploadEndsAt until when bytes may still arrive; empty: none can
 * @param sweepAt when the sweeper looks at it; empty: never
 * @param attempts how often the sweeper has tried in vain
 * @param crc32c of its bytes; empty where it is not known
 */
record FileRow(FileId id, String owner, Optional<UploadMethod> method, Optional<FileStatus> status, long bytes,
		ObjectKey key, int copies, int parts, Optional<Instant> uploadEndsAt, Optional<Instant> sweepAt, int attempts,
		OptionalLong crc32c) {

	private static final int MANY_ATTEMPTS = 10;

	boolean isAvailable() {
		return this.method.isPresent() && this.status.filter(FileStatus.AVAILABLE::equals).isPresent();
	}

	boolean isPending() {
		return this.status.filter(FileStatus.PENDING::equals).isPresent();
	}

	/** Whether the rest of its upload may still be there, until the sweeper is done. */
	boolean mayHaveRemains(Instant old) {
		return !isAvailable()
				|| this.uploadEndsAt.map((end) -> end.isAfter(old)).orElse(this.method.get() != UploadMethod.MULTIPART);
	}

	/**
	 * Whether the row names an object.
	 * @param written when the object was written
	 * @param old what was written before is not in progress
	 */
	boolean names(StoredName name, Instant written, Instant old) {
		if (this.method.isEmpty() || this.status.isEmpty()) {
			return true;
		}
		if (name.key().equals(this.key)) {
			return true;
		}
		if (name.isHalf()) {
			return !isAvailable() || written.isAfter(old);
		}
		return mayHaveRemains(old) && isAmongItsKeys(name);
	}

	private boolean isAmongItsKeys(StoredName name) {
		if (name.number().isPresent()) {
			return name.number().getAsInt() <= (name.isStaged() ? this.parts : this.copies);
		}
		return name.isStaged() && this.method.get() == UploadMethod.PRESIGNED;
	}

	/** Whether it still describes the same object. */
	boolean isSameFile(FileRow other) {
		return other.isAvailable() && this.key.equals(other.key) && this.bytes == other.bytes;
	}

	/** Whether the sweeper should have been done with it. */
	boolean isOverdue(Instant old) {
		return this.attempts >= MANY_ATTEMPTS || this.sweepAt.filter((due) -> due.isBefore(old)).isPresent();
	}

	@Override
	public String toString() {
		return this.id + " of " + Printable.text(this.owner);
	}

}
