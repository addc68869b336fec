/**
 * What describes the API: two documents, and a page that shows them.
 */
@NullMarked
package dev.stowage.api.description;

import org.jspecify.annotations.NullMarked;
