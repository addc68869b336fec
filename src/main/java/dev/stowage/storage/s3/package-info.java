/**
 * The object store over any engine that speaks S3, through the AWS SDK.
 * <p>
 * {@link dev.stowage.storage.s3.S3ObjectStore} lists the S3 permissions that it needs and
 * the behaviour that it relies on.
 */
@NullMarked
package dev.stowage.storage.s3;

import org.jspecify.annotations.NullMarked;
