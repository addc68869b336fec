package dev.stowage.keys;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;

import dev.stowage.owner.Owner;
import dev.stowage.owner.Scope;

/**
 * A key that somebody asks for.
 *
 * @param owner for whom it acts; need not be known yet
 * @param account the service account that it belongs to, if any
 * @param name what people call it
 * @param scopes what it allows
 * @param expiresAt from when on it opens nothing, if ever
 */
public record AskedKey(Owner owner, Optional<String> account, String name, Set<Scope> scopes,
		Optional<Instant> expiresAt) {
}
