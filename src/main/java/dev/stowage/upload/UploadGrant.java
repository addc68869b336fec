package dev.stowage.upload;

import dev.stowage.file.StoredFile;
import dev.stowage.storage.SignedRequest;

/** Leave to send a file's bytes straight to the store. */
public record UploadGrant(StoredFile file, SignedRequest put) {
}
