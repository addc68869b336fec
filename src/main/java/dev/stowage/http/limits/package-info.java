/**
 * How much one owner may ask: requests a minute and uploads at once; and how wrong keys
 * are slowed.
 */
@NullMarked
package dev.stowage.http.limits;

import org.jspecify.annotations.NullMarked;
