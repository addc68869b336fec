/**
 * What a file is and what may happen to it: pending, available, deleting, gone. Knows no
 * HTTP and no S3.
 */
@NullMarked
package dev.stowage.file;

import org.jspecify.annotations.NullMarked;
