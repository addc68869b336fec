package dev.stowage.memory;

/**
 * The sender of an upload.
 *
 * @param sender whose upload it is
 * @param speed how fast its client sends
 * @param cancel ends a read that waits for the client
 */
public record Uploader(String sender, ClientSpeed speed, Runnable cancel) {
}
