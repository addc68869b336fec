package dev.stowage.keys;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;

import dev.stowage.owner.Owner;
import dev.stowage.owner.Scope;
import dev.stowage.owner.Title;

/**
 * A key that the database knows.
 *
 * @param id part of the key's text, not secret
 * @param owner for whom it acts
 * @param account the service account that it belongs to, if any
 * @param name what people call it
 * @param scopes what it allows
 * @param createdAt when it was made
 * @param expiresAt from when on it opens nothing, if ever
 * @param lastUsedAt when it was last used, up to two minutes ago; empty: never
 * @param revokedAt since when it opens nothing, if it was revoked
 */
public record ManagedKey(String id, Owner owner, Optional<String> account, String name, Set<Scope> scopes,
		Instant createdAt, Optional<Instant> expiresAt, Optional<Instant> lastUsedAt, Optional<Instant> revokedAt) {

	/** The id of the key that the first start of an older version made. */
	static final String OF_OLDER_VERSION = "first";

	public ManagedKey {
		scopes = Set.copyOf(scopes);
		Title.require(name);
		if (scopes.isEmpty()) {
			throw new IllegalArgumentException("A key needs at least one scope");
		}
	}

}
