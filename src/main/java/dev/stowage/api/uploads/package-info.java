/**
 * OpenAI's Uploads API: files in parts, each in a request of its own.
 */
@NullMarked
package dev.stowage.api.uploads;

import org.jspecify.annotations.NullMarked;
