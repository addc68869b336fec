package dev.stowage.upload.append;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

import dev.stowage.file.FileName;
import dev.stowage.file.Purpose;
import dev.stowage.file.StoredFile;
import dev.stowage.owner.Owner;
import dev.stowage.upload.pending.UploadId;
import dev.stowage.upload.pending.UploadStatus;

/**
 * An upload to which its owner appends.
 *
 * @param contentType of the file, such as {@code text/csv}
 * @param length how many bytes the file will have; empty until a client has said so
 * @param offset how many bytes are kept; it never decreases
 * @param createdAt to the second
 * @param expiresAt when it ends unless bytes are appended
 * @param metadata as its client sent it
 * @param file what it became; empty until it is completed
 */
public record AppendedUpload(UploadId id, Owner owner, UploadStatus status, Purpose purpose, FileName name,
		String contentType, OptionalLong length, long offset, Instant createdAt, Instant expiresAt,
		Optional<String> metadata, Optional<StoredFile> file) {

	/** Whether it is pending although all its bytes are kept. */
	boolean isOnlyUnfinished() {
		return this.status == UploadStatus.PENDING && this.length.equals(OptionalLong.of(this.offset));
	}

	AppendedUpload withLength(OptionalLong length) {
		return new AppendedUpload(this.id, this.owner, this.status, this.purpose, this.name, this.contentType, length,
				this.offset, this.createdAt, this.expiresAt, this.metadata, this.file);
	}

	/** The same after a request. */
	AppendedUpload continued(long offset, Instant expiresAt) {
		return new AppendedUpload(this.id, this.owner, this.status, this.purpose, this.name, this.contentType,
				this.length, offset, this.createdAt, expiresAt, this.metadata, this.file);
	}

	AppendedUpload completed(StoredFile file) {
		return new AppendedUpload(this.id, this.owner, UploadStatus.COMPLETED, this.purpose, this.name,
				this.contentType, OptionalLong.of(file.bytes()), file.bytes(), this.createdAt, this.expiresAt,
				this.metadata, Optional.of(file));
	}

}
