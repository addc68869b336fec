/**
 * Uploads that take more than one request: a pending file with parts, which complete
 * composes inside the store.
 */
@NullMarked
package dev.stowage.upload.parts;

import org.jspecify.annotations.NullMarked;
