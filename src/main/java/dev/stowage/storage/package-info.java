/**
 * Bytes under keys: what an object store can do. Knows no files, no owners and no SDK.
 */
@NullMarked
package dev.stowage.storage;

import org.jspecify.annotations.NullMarked;
