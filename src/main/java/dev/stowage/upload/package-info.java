/**
 * How bytes come in, by both ways: start, receive, complete. Nothing here is public that
 * is not part of that.
 */
@NullMarked
package dev.stowage.upload;

import org.jspecify.annotations.NullMarked;
