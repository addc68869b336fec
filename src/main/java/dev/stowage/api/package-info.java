/**
 * What all conversations about files share: the file object, the words of each family of
 * clients, and one body for every error.
 */
@NullMarked
package dev.stowage.api;

import org.jspecify.annotations.NullMarked;
