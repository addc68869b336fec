/**
 * Content of files on their way out: bytes, ranges, conditions and links.
 */
@NullMarked
package dev.stowage.api.content;

import org.jspecify.annotations.NullMarked;
