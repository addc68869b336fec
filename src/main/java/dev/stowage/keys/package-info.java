/**
 * Keys that are made, rotated and revoked while the server runs. The database keeps the
 * hashes of their secrets.
 */
@NullMarked
package dev.stowage.keys;

import org.jspecify.annotations.NullMarked;
