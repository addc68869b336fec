/** Who is asking: bearer keys, each of which belongs to an owner. */
@NullMarked
package dev.stowage.security;

import org.jspecify.annotations.NullMarked;
