/**
 * Which store belongs to which database: an identity in both, compared at the start and
 * before anything is removed.
 */
@NullMarked
package dev.stowage.identity;

import org.jspecify.annotations.NullMarked;
