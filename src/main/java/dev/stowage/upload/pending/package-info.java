/**
 * Pending files, however their bytes come: how many an owner may have, and which request
 * completes one.
 */
@NullMarked
package dev.stowage.upload.pending;

import org.jspecify.annotations.NullMarked;
