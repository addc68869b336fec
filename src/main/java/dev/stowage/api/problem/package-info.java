/**
 * Failures, whatever the request: which status and which words each becomes.
 */
@NullMarked
package dev.stowage.api.problem;

import org.jspecify.annotations.NullMarked;
