/** Who did what: one line of the log for each action that matters. */
@NullMarked
package dev.stowage.http.audit;

import org.jspecify.annotations.NullMarked;
