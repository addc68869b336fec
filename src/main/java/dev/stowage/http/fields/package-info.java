/**
 * Parses structured fields (RFC 9651).
 */
@NullMarked
package dev.stowage.http.fields;

import org.jspecify.annotations.NullMarked;
