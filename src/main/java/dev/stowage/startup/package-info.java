/** What is checked and announced before anything runs. */
@NullMarked
package dev.stowage.startup;

import org.jspecify.annotations.NullMarked;
