/**
 * Reads {@code multipart/form-data} as it arrives (RFC 7578, RFC 2046). Knows the JDK and
 * nothing else.
 */
@NullMarked
package dev.stowage.multipart;

import org.jspecify.annotations.NullMarked;
