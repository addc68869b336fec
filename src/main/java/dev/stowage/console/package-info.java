/** The console: a page of static files, which calls the API like any other client. */
@NullMarked
package dev.stowage.console;

import org.jspecify.annotations.NullMarked;
