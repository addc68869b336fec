/** What tests share: servers, callers, and databases and stores to run them on. */
@NullMarked
package dev.stowage.support;

import org.jspecify.annotations.NullMarked;
