/**
 * What keeps a crowd from stopping the server: places, shares, deadlines and answers for
 * those who find no place. Only here are Tomcat's own types used.
 */
@NullMarked
package dev.stowage.http.overload;

import org.jspecify.annotations.NullMarked;
