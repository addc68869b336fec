/**
 * Reads {@code multipart/form-data} as it arrives (RFC 7578, RFC 2046). Depends only on
 * the JDK.
 */
@NullMarked
package dev.stowage.multipart;

import org.jspecify.annotations.NullMarked;
