package dev.stowage.keys;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

import dev.stowage.database.Changes;
import dev.stowage.owner.Owner;
import dev.stowage.owner.Project;
import dev.stowage.owner.Projects;
import dev.stowage.owner.Scope;

import org.springframework.stereotype.Component;

/** Makes, lists, rotates and revokes keys. */
@Component
public class Keys {

	private final KeyRepository rows;

	private final Projects projects;

	private final KnownKeys known;

	private final Changes changes;

	private final Clock clock;

	Keys(KeyRepository rows, Projects projects, KnownKeys known, Changes changes, Clock clock) {
		this.rows = rows;
		this.projects = projects;
		this.known = known;
		this.changes = changes;
		this.clock = clock;
	}

	/**
	 * Makes a key, and its owner if it is new.
	 * @throws IllegalArgumentException when its name is too long or it has no scope
	 */
	public NewKey create(AskedKey asked) {
		KeyText text = KeyText.random();
		ManagedKey key = new ManagedKey(text.id(), asked.owner(), asked.account(), asked.name(), asked.scopes(), now(),
				asked.expiresAt(), Optional.empty(), Optional.empty());
		return this.changes.makeAtOnce(() -> {
			this.projects.addIfMissing(asked.owner());
			this.rows.add(key, text.hash());
			return new NewKey(key, text.text());
		});
	}

	/**
	 * Makes the key of a first start. Of several simultaneous ones, one gets it.
	 * @return empty if there was ever a key
	 */
	public Optional<NewKey> createFirst(Owner owner) {
		return this.changes.makeAtOnce(() -> {
			boolean isFirst = this.projects.addIfMissing(owner) && this.rows.isEmpty();
			return isFirst
					? Optional
						.of(create(new AskedKey(owner, Optional.empty(), "first", Scope.usual(), Optional.empty())))
					: Optional.empty();
		});
	}

	/** Empty if there is no such key, or it was revoked. */
	public Optional<ManagedKey> find(String id) {
		return this.rows.find(id).map(KeyRepository.Kept::key).filter((key) -> key.revokedAt().isEmpty());
	}

	/**
	 * A page of the keys that are not revoked, in the order of their ids.
	 * @param owner whose; empty: of all
	 * @param after the id before the page; empty: the first page
	 */
	public List<ManagedKey> list(Optional<Owner> owner, String after, int limit) {
		return this.rows.list(owner, after, limit);
	}

	/** At most this many of the owners that have a managed key, in no order. */
	public List<Owner> someOwners(int count) {
		return this.rows.someOwners(count);
	}

	/**
	 * Makes a key like this one, which opens nothing once the grace is over.
	 * @return empty if there is no such key, or it was revoked
	 */
	public Optional<NewKey> rotate(String id, Duration grace) {
		Optional<NewKey> made = this.changes.makeAtOnce(() -> {
			if (!this.rows.expireBy(id, now().plus(grace))) {
				return Optional.empty();
			}
			ManagedKey old = this.rows.find(id).orElseThrow().key();
			return Optional
				.of(create(new AskedKey(old.owner(), old.account(), old.name(), old.scopes(), Optional.empty())));
		});
		this.known.forget(id);
		return made;
	}

	/**
	 * Makes a key open nothing: at once on this instance, within 10 seconds on others.
	 * @return whether there was such a key, not yet revoked
	 */
	public boolean revoke(String id) {
		boolean revoked = this.rows.revoke(id, now());
		this.known.forget(id);
		return revoked;
	}

	/**
	 * Makes all keys of a project open nothing: at once on this instance, within 10
	 * seconds on others. Its files stay. Empty if there is no such project.
	 */
	public Optional<Project> archive(Owner owner) {
		Optional<Project> archived = this.projects.archive(owner);
		this.known.forgetAll();
		return archived;
	}

	private Instant now() {
		return this.clock.instant().truncatedTo(ChronoUnit.SECONDS);
	}

}
