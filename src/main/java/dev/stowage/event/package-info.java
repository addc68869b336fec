/**
 * What happened to files, and how a receiver learns of it: triggers in the database
 * record events in the transaction of the change, and each instance delivers them from
 * there.
 */
@NullMarked
package dev.stowage.event;

import org.jspecify.annotations.NullMarked;
