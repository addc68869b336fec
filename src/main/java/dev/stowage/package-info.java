/**
 * Stowage serves {@code /v1/files} in two styles over one S3 bucket.
 * <p>
 * Arrows go down: {@code api → upload → file → storage}; {@code sweep} stands beside
 * {@code api}. {@code security} turns a key into an owner, {@code http} guards the
 * server, {@code startup} checks it before it runs. {@code database} and {@code identity}
 * serve the rooms with rows. {@code multipart}, {@code json} and {@code memory} know the
 * JDK alone. <pre>
 * multipart    socket → MultipartReader → FileService.upload → PartPipeline → S3
 * pre-signed   FileService.grant → client PUTs to S3 → FileService.complete
 * </pre> Both are one life: row PENDING, bytes, row AVAILABLE; deleted or expired:
 * DELETING, bytes gone, row gone. The sweeper is the only cleaner.
 */
@NullMarked
package dev.stowage;

import org.jspecify.annotations.NullMarked;
