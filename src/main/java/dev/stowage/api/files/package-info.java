/**
 * Files over HTTP: two styles of upload on one path, lists, content and deletes.
 */
@NullMarked
package dev.stowage.api.files;

import org.jspecify.annotations.NullMarked;
