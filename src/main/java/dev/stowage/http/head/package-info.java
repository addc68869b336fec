/**
 * How the head of a request is read before any filter sees it: its path, its host, what a
 * proxy says of it, and why it is refused.
 */
@NullMarked
package dev.stowage.http.head;

import org.jspecify.annotations.NullMarked;
