/**
 * Checks that a stream of bytes is one JSON document (RFC 8259), in bounded memory. Knows
 * the JDK and nothing else.
 */
@NullMarked
package dev.stowage.json;

import org.jspecify.annotations.NullMarked;
