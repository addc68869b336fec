/**
 * The memory that uploads share: who gets how much of it, who waits, and who must give it
 * back. Knows the JDK and nothing else.
 */
@NullMarked
package dev.stowage.memory;

import org.jspecify.annotations.NullMarked;
