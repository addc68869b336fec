package dev.stowage.security;

import java.util.Optional;
import java.util.Set;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import dev.stowage.keys.KnownKeys;
import dev.stowage.owner.CallerException;
import dev.stowage.owner.Owner;
import dev.stowage.owner.Projects;
import dev.stowage.owner.Scope;

import org.springframework.stereotype.Component;

/** For whom service keys act. */
@Component
class ActedFor {

	private static final int MOST = 10_000;

	private final LoadingCache<Owner, Boolean> known;

	ActedFor(SecurityProperties properties, Projects projects) {
		Set<Owner> configured = Set.copyOf(properties.owners().values());
		this.known = Caffeine.newBuilder()
			.maximumSize(MOST)
			.expireAfterWrite(KnownKeys.BELIEVED)
			.build((owner) -> projects.find(owner)
				.map((project) -> project.archivedAt().isEmpty())
				.orElse(configured.contains(owner)));
	}

	/**
	 * The caller, in the place of the owner that a service key names.
	 * @throws CallerException when nobody knows that owner
	 */
	Caller resolve(Caller caller, Optional<String> project) {
		if (project.isEmpty() || !caller.scopes().contains(Scope.ALL_OWNERS)) {
			return caller;
		}
		return new Caller(known(project.get()), caller.credential(), caller.scopes());
	}

	private Owner known(String name) {
		try {
			Owner owner = new Owner(name);
			if (this.known.get(owner)) {
				return owner;
			}
		}
		catch (IllegalArgumentException ex) {
			// a name that no owner can have
		}
		throw CallerException.unknownProject();
	}

}
