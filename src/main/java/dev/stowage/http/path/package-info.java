/**
 * The path of a request: its one spelling, and the routes that other paths lead to.
 */
@NullMarked
package dev.stowage.http.path;

import org.jspecify.annotations.NullMarked;
