package dev.stowage.upload.parts;

import java.time.Instant;
import java.util.Optional;

import dev.stowage.file.FileName;
import dev.stowage.file.Purpose;
import dev.stowage.file.StoredFile;
import dev.stowage.owner.Owner;
import dev.stowage.upload.pending.UploadId;
import dev.stowage.upload.pending.UploadStatus;

/**
 * An upload in parts as its owner sees it.
 *
 * @param contentType of the file, such as {@code text/csv}
 * @param bytes how many bytes its client said the file would have
 * @param createdAt to the second
 * @param expiresAt when it ends if it is not completed
 * @param file what it became; empty until it is completed
 */
public record Upload(UploadId id, Owner owner, UploadStatus status, Purpose purpose, FileName name, String contentType,
		long bytes, Instant createdAt, Instant expiresAt, Optional<StoredFile> file) {

	Upload with(UploadStatus status) {
		return new Upload(this.id, this.owner, status, this.purpose, this.name, this.contentType, this.bytes,
				this.createdAt, this.expiresAt, this.file);
	}

	Upload completed(StoredFile file) {
		return new Upload(this.id, this.owner, UploadStatus.COMPLETED, this.purpose, this.name, this.contentType,
				this.bytes, this.createdAt, this.expiresAt, Optional.of(file));
	}

}
