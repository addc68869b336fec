package dev.stowage.upload;

import dev.stowage.file.StoredFile;
import dev.stowage.storage.SignedRequest;

/** Permission to send a file's bytes directly to the store. */
public record UploadGrant(StoredFile file, SignedRequest put) {
}
