package dev.stowage.http.digest;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A method whose requests have the beginning of a file as their body. Their
 * {@code Repr-Digest} is for the whole file, and the method reads it with
 * {@link Digests#ofWholeFile}.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface WithDigestOfFile {

}
