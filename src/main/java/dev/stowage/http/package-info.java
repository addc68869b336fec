/**
 * The edge: limits, request ids and the one body of every error. Knows no files.
 */
@NullMarked
package dev.stowage.http;

import org.jspecify.annotations.NullMarked;
