package dev.stowage.quota;

/**
 * What an owner has.
 *
 * @param files how many, pending ones included
 * @param bytes of all of them; pending ones count with the size that they will have, as
 * far as it is known
 */
public record Usage(long files, long bytes) {
}
