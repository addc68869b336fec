package dev.stowage.owner;

import java.time.Instant;
import java.util.Optional;

/**
 * An owner that was created, which OpenAI's API calls a project.
 *
 * @param owner its id
 * @param title what people call it
 * @param createdAt when it was created
 * @param archivedAt since when its keys open nothing
 */
public record Project(Owner owner, String title, Instant createdAt, Optional<Instant> archivedAt) {
}
