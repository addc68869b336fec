/**
 * The HTTP API: two styles of upload on one path, and one body for every error.
 */
@NullMarked
package dev.stowage.api;

import org.jspecify.annotations.NullMarked;
