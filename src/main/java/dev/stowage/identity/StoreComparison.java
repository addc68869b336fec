package dev.stowage.identity;

import java.util.Optional;

import dev.stowage.storage.ObjectStore;

/**
 * Compares the identities of a database and its store without changing either, for
 * commands, which do not watch the store as a server does.
 */
public class StoreComparison {

	private static final int ATTEMPTS = 3;

	private final IdentityRepository rows;

	private final IdentityObject object;

	StoreComparison(IdentityRepository rows, ObjectStore store) {
		this.rows = rows;
		this.object = new IdentityObject(store);
	}

	/**
	 * Returns the verdict. A copy of a database is recognized once the original has
	 * replaced its word, which a running server does every few minutes.
	 */
	public BindingVerdict compare() {
		BindingVerdict verdict = BindingVerdict.UNKNOWN;
		// a server may replace the word between two reads
		for (int attempt = 0; attempt < ATTEMPTS && verdict != BindingVerdict.OURS; attempt++) {
			verdict = compare(this.rows.find(), this.object.held());
		}
		return verdict;
	}

	private static BindingVerdict compare(Optional<IdentityRepository.Known> known, Optional<String> text) {
		if (text.isEmpty()) {
			return known.flatMap(IdentityRepository.Known::writtenAt).isPresent() ? BindingVerdict.LOST
					: BindingVerdict.NEW;
		}
		Optional<StoreIdentity> held = text.flatMap(StoreIdentity::parse);
		if (known.isEmpty() || held.isEmpty() || !held.get().id().equals(known.get().identity().id())) {
			return BindingVerdict.OTHERS;
		}
		String word = held.get().word();
		IdentityRepository.Known ours = known.get();
		boolean isKnown = word.equals(ours.identity().word()) || ours.next().filter(word::equals).isPresent()
				|| ours.previous().filter(word::equals).isPresent();
		return isKnown ? BindingVerdict.OURS : BindingVerdict.NEWER;
	}

}
