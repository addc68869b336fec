/**
 * How an object of any engine that speaks S3 is made of parts, in bounded memory: the
 * sizes of parts, the calls that send them, and their time limits.
 */
@NullMarked
package dev.stowage.storage.s3.parts;

import org.jspecify.annotations.NullMarked;
