package dev.stowage.security;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.stowage.owner.Owner;
import dev.stowage.owner.Owners;

import org.springframework.stereotype.Component;

/** The keys that open this server. */
@Component
class ApiKeys implements Owners {

	private final List<Entry> entries = new CopyOnWriteArrayList<>();

	private volatile int owners;

	ApiKeys(SecurityProperties properties) {
		for (Map.Entry<String, Owner> configured : properties.owners().entrySet()) {
			add(KeyHash.of(configured.getKey()), configured.getValue());
		}
	}

	boolean isEmpty() {
		return this.entries.isEmpty();
	}

	void add(KeyHash hash, Owner owner) {
		this.entries.add(new Entry(hash, owner));
		this.owners = (int) this.entries.stream().map(Entry::owner).distinct().count();
	}

	@Override
	public int count() {
		return this.owners;
	}

	/**
	 * The owner of a key. Compares every entry, so that the time it takes reveals
	 * nothing.
	 */
	Optional<Owner> ownerOf(String key) {
		KeyHash presented = KeyHash.of(key);
		Optional<Owner> found = Optional.empty();
		for (Entry entry : this.entries) {
			if (entry.hash().matches(presented)) {
				found = Optional.of(entry.owner());
			}
		}
		return found;
	}

	private record Entry(KeyHash hash, Owner owner) {
	}

}
