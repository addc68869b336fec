/** Whose files: every key belongs to one owner. */
@NullMarked
package dev.stowage.owner;

import org.jspecify.annotations.NullMarked;
