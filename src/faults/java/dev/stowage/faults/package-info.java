/**
 * Faults of real processes: the server from its jar, its database and its store are
 * killed, overloaded and abandoned by their clients. Then everything that was
 * acknowledged is checked.
 */
@NullMarked
package dev.stowage.faults;

import org.jspecify.annotations.NullMarked;
