package dev.stowage.security;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import dev.stowage.keys.KeyHash;
import dev.stowage.keys.KeyRefusedException;
import dev.stowage.keys.Keys;
import dev.stowage.keys.KnownKeys;
import dev.stowage.keys.ManagedKey;
import dev.stowage.owner.Owner;
import dev.stowage.owner.Owners;
import dev.stowage.owner.Scope;

import org.springframework.stereotype.Component;

/** The keys that open this server: those of the settings, and those of the database. */
@Component
class ApiKeys implements Owners {

	private final List<Entry> configured = new ArrayList<>();

	private final KnownKeys managed;

	private final ActedFor actedFor;

	private static final int SEVERAL = 2;

	/** No more than several: whether there is another is all that matters. */
	private final Set<Owner> seen = ConcurrentHashMap.newKeySet();

	ApiKeys(SecurityProperties properties, KnownKeys managed, Keys keys, ActedFor actedFor) {
		for (Map.Entry<String, Owner> entry : properties.owners().entrySet()) {
			this.configured.add(new Entry(KeyHash.of(entry.getKey()), entry.getValue()));
			see(entry.getValue());
		}
		this.managed = managed;
		this.actedFor = actedFor;
		keys.someOwners(SEVERAL).forEach(this::see);
	}

	@Override
	public boolean areSeveral() {
		return this.seen.size() >= SEVERAL;
	}

	private void see(Owner owner) {
		if (this.seen.size() < SEVERAL) {
			this.seen.add(owner);
		}
	}

	/**
	 * Whom a key stands for; empty if for nobody.
	 * @param project for whom a service key acts; other keys act for their owner
	 * @throws KeyRefusedException when the key opens nothing any more
	 */
	Optional<Caller> callerOf(String key, Optional<String> project) {
		Optional<Caller> found = ofSettings(key).or(() -> ofDatabase(key));
		Optional<Caller> caller = found.map((known) -> this.actedFor.resolve(known, project));
		caller.map(Caller::owner).ifPresent(this::see);
		return caller;
	}

	/** Compares every entry, so that the time it takes reveals nothing. */
	private Optional<Caller> ofSettings(String key) {
		KeyHash presented = KeyHash.of(key);
		Optional<Caller> found = Optional.empty();
		for (Entry entry : this.configured) {
			if (entry.hash().matches(presented)) {
				found = Optional.of(new Caller(entry.owner(), Optional.empty(), Scope.usual()));
			}
		}
		return found;
	}

	/** Where keys are configured, an older version did not accept its first key. */
	private Optional<Caller> ofDatabase(String key) {
		Optional<ManagedKey> found = this.managed.find(key, this.configured.isEmpty());
		return found.map((known) -> new Caller(known.owner(), Optional.of(known.id()), known.scopes()));
	}

	private record Entry(KeyHash hash, Owner owner) {
	}

}
