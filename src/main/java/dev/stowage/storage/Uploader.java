package dev.stowage.storage;

/**
 * Who uploads.
 *
 * @param sender whose upload it is
 * @param speed how fast its client sends
 * @param cancel ends a read that waits for the client
 */
record Uploader(String sender, ClientSpeed speed, Runnable cancel) {
}
