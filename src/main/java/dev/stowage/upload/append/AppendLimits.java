package dev.stowage.upload.append;

import java.time.Duration;
import java.util.Optional;

import dev.stowage.file.FileException;
import dev.stowage.file.Purpose;
import dev.stowage.storage.ObjectStore;
import dev.stowage.upload.NewFile;

import org.springframework.stereotype.Component;

/** How large files may be whose bytes are appended, and how long their uploads live. */
@Component
class AppendLimits {

	private final AppendProperties properties;

	private final ObjectStore store;

	AppendLimits(AppendProperties properties, ObjectStore store) {
		this.properties = properties;
		this.store = store;
	}

	/** The largest file of any purpose. */
	long maxSize() {
		return Math.min(this.properties.resumable().maxSize().toBytes(), this.store.maxAppendedSize());
	}

	/** The largest file of a purpose. */
	long maxSize(Purpose purpose) {
		return NewFile.limit(Optional.of(purpose), maxSize());
	}

	/** How long after its last byte an upload can be continued. */
	Duration maxAge() {
		return this.properties.resumable().maxAge();
	}

	/** Refuses a length that no file of the purpose may have. */
	void requireLength(Purpose purpose, long length) {
		if (length > maxSize(purpose)) {
			throw NewFile.tooLarge(maxSize(purpose), maxSize());
		}
		if (length == 0) {
			throw new FileException.InvalidParameter("file", "The file is empty. Upload at least one byte.");
		}
	}

}
