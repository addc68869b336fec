/** Who is asking: bearer keys, each of which stands for an owner. */
@NullMarked
package dev.stowage.security;

import org.jspecify.annotations.NullMarked;
