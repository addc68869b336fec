/** What differs between rows and objects, and what may be removed without harm. */
@NullMarked
package dev.stowage.check;

import org.jspecify.annotations.NullMarked;
