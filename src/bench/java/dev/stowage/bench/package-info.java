/**
 * Whole-server benchmarks: the server from its jar, a store and this load client are
 * three processes, so that the server's CPU time and memory are its own.
 */
@NullMarked
package dev.stowage.bench;

import org.jspecify.annotations.NullMarked;
