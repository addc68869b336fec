/**
 * The tus protocol 1.0: uploads that continue after a break.
 *
 * @see <a href="https://tus.io/protocols/resumable-upload">The protocol</a>
 */
@NullMarked
package dev.stowage.api.tus;

import org.jspecify.annotations.NullMarked;
