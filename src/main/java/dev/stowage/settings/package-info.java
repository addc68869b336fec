/** What the settings of all rooms share. */
@NullMarked
package dev.stowage.settings;

import org.jspecify.annotations.NullMarked;
