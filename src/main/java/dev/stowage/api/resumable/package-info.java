/**
 * Resumable uploads for HTTP, as the IETF's draft defines them in its interop versions 6
 * to 9.
 *
 * @see <a href=
 * "https://datatracker.ietf.org/doc/draft-ietf-httpbis-resumable-upload">The draft</a>
 */
@NullMarked
package dev.stowage.api.resumable;

import org.jspecify.annotations.NullMarked;
