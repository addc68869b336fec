/**
 * The command line: what runs in a process of its own, beside a server or without one,
 * with the server's settings.
 */
@NullMarked
package dev.stowage.command;

import org.jspecify.annotations.NullMarked;
