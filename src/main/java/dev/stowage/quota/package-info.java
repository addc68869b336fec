/** How much each owner may have and ask for, and how much it has. */
@NullMarked
package dev.stowage.quota;

import org.jspecify.annotations.NullMarked;
