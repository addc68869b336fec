/**
 * Compares bodies with the digests that clients send with them (RFC 9530), while they are
 * read.
 */
@NullMarked
package dev.stowage.http.digest;

import org.jspecify.annotations.NullMarked;
