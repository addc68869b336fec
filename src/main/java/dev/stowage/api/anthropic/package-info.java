/**
 * Anthropic's Files API, for clients that send the header {@code anthropic-version}.
 *
 * @see <a href="https://platform.claude.com/docs/en/api/files">Anthropic's reference</a>
 */
@NullMarked
package dev.stowage.api.anthropic;

import org.jspecify.annotations.NullMarked;
