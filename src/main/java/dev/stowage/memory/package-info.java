/**
 * The memory that uploads share: which uploads get how much of it, which wait, and which
 * must return it. Depends only on the JDK.
 */
@NullMarked
package dev.stowage.memory;

import org.jspecify.annotations.NullMarked;
