package dev.stowage.quota;

/**
 * What an owner has for one purpose.
 *
 * @param purpose as clients spell it, or the name of one that this version does not know
 * @param files how many are available
 * @param bytes of all of them
 */
public record PurposeUsage(String purpose, long files, long bytes) {
}
