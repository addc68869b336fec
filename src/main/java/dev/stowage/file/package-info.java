/**
 * What a file is, and how it is found, listed, opened and deleted. Knows no HTTP and no
 * S3.
 */
@NullMarked
package dev.stowage.file;

import org.jspecify.annotations.NullMarked;
