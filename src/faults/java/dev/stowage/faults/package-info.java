/**
 * Faults of real processes: the server from its jar, its database and its store are
 * killed, crowded and left alone by their clients, and what these were promised is looked
 * after.
 */
@NullMarked
package dev.stowage.faults;

import org.jspecify.annotations.NullMarked;
