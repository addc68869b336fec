/**
 * Removes what has ended: deleted and expired files, failed uploads, unused grants.
 * Nothing else cleans up.
 */
@NullMarked
package dev.stowage.sweep;

import org.jspecify.annotations.NullMarked;
