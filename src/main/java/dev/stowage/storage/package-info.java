/**
 * Bytes under keys: what a store of objects can do. Knows no files, no owners and no SDK.
 */
@NullMarked
package dev.stowage.storage;

import org.jspecify.annotations.NullMarked;
