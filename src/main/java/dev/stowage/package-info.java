/**
 * Stowage serves {@code /v1/files} in two styles over one S3 bucket.
 * <p>
 * Arrows go down: {@code api → upload → file → storage}; {@code sweep} is beside
 * {@code api}. {@code security} turns a key into an owner, {@code http} guards the
 * server, {@code startup} checks it before it runs, and {@code command} is what may run
 * beside it. {@code database} and {@code identity} serve the packages that keep rows.
 * {@code multipart}, {@code json} and {@code memory} depend only on the JDK. <pre>
 * multipart    socket → MultipartReader → FileService.upload → PartPipeline → S3
 * pre-signed   FileService.grant → client PUTs to S3 → FileService.complete
 * </pre> Both have the same life cycle: row PENDING, bytes, row AVAILABLE; after a delete
 * or the expiry DELETING, bytes removed, row removed. The sweeper is the only cleaner.
 */
@NullMarked
package dev.stowage;

import org.jspecify.annotations.NullMarked;
