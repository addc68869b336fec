package dev.stowage.upload;

/**
 * What a request created, or what an earlier request with the same key did.
 *
 * @param <T> a file, or permission to upload one
 * @param isReplay whether it was an earlier request
 */
public record Created<T>(T value, boolean isReplay) {
}
