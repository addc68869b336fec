/**
 * Uploads that continue where they stopped: a pending file to whose end any number of
 * requests append, one at a time, on any instances.
 */
@NullMarked
package dev.stowage.upload.append;

import org.jspecify.annotations.NullMarked;
