/**
 * How bytes come in, in both styles: start, receive, complete. Only what belongs to that
 * is public.
 */
@NullMarked
package dev.stowage.upload;

import org.jspecify.annotations.NullMarked;
