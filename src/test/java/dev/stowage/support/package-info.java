/** What tests share: servers, callers, and backings to run them on. */
@NullMarked
package dev.stowage.support;

import org.jspecify.annotations.NullMarked;
