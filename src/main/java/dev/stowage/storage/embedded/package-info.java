/**
 * The S3 engine that runs in this process, on a folder: S3Proxy, and what it lacks.
 */
@NullMarked
package dev.stowage.storage.embedded;

import org.jspecify.annotations.NullMarked;
