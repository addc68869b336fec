/** Whose files: every key stands for one owner. */
@NullMarked
package dev.stowage.owner;

import org.jspecify.annotations.NullMarked;
