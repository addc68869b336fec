package dev.stowage.file;

import dev.stowage.storage.SignedRequest;

/** Leave to send a file's bytes straight to the store. */
public record UploadGrant(StoredFile file, SignedRequest put) {
}
