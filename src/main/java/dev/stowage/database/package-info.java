/**
 * SQLite and PostgreSQL: one unit of work, the group commit of the one, and the clock of
 * the other. Knows no table but Flyway's.
 */
@NullMarked
package dev.stowage.database;

import org.jspecify.annotations.NullMarked;
