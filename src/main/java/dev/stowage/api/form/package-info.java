/**
 * Multipart forms: their parts, their file, and the fields that describe it.
 */
@NullMarked
package dev.stowage.api.form;

import org.jspecify.annotations.NullMarked;
