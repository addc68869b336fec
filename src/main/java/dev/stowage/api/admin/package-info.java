/** The part of OpenAI's administration API that concerns projects and their keys. */
@NullMarked
package dev.stowage.api.admin;

import org.jspecify.annotations.NullMarked;
