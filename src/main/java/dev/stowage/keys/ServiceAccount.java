package dev.stowage.keys;

import java.time.Instant;

import dev.stowage.owner.Owner;

/**
 * A program that has keys of a project.
 *
 * @param id its own
 * @param owner the project
 * @param name what people call it
 * @param createdAt when it was made
 */
public record ServiceAccount(String id, Owner owner, String name, Instant createdAt) {
}
