/** Who is asking: bearer keys, and tokens of an issuer; each belongs to an owner. */
@NullMarked
package dev.stowage.security;

import org.jspecify.annotations.NullMarked;
