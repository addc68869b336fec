/**
 * Keeps the server running under many clients: places, shares, deadlines, and answers to
 * clients that find no place. Tomcat's own types are used only here.
 */
@NullMarked
package dev.stowage.http.overload;

import org.jspecify.annotations.NullMarked;
