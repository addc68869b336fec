/**
 * Checks that a stream of bytes is one JSON document (RFC 8259), in bounded memory.
 * Depends only on the JDK.
 */
@NullMarked
package dev.stowage.json;

import org.jspecify.annotations.NullMarked;
