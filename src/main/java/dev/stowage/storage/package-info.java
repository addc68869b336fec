/**
 * Bytes under keys: one S3 bucket, of whichever engine. Knows no files and no owners.
 * <p>
 * {@link dev.stowage.storage.S3ObjectStore} lists the S3 permissions that it needs and
 * what it relies on.
 */
@NullMarked
package dev.stowage.storage;

import org.jspecify.annotations.NullMarked;
