package dev.stowage.storage;

/**
 * What the store says of one object.
 *
 * @param key its name
 * @param size its length in bytes
 * @param etag the store's opaque tag for exactly these bytes, without quotes
 */
public record ObjectInfo(ObjectKey key, long size, String etag) {
}
