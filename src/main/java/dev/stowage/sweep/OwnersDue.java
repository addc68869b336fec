package dev.stowage.sweep;

import java.util.List;
import java.util.Optional;

/**
 * Some owners that have due rows.
 *
 * @param owners in a fixed order
 * @param next the owner after which others may follow; empty: none do
 */
record OwnersDue(List<String> owners, Optional<String> next) {

	/** As many due rows are read to see whose they are. */
	static final int FEW = 1_000;

	/** As many owners are looked at in some tenths of a second. */
	static final int LOOKED_AT = 10_000;

	/**
	 * What a statement found that ends with the last owner it may look at, due or not.
	 * @param limit how many owners it was asked for
	 */
	static OwnersDue of(List<Looked> all, int limit) {
		boolean ended = all.isEmpty() || (all.size() < limit && all.getLast().number() < LOOKED_AT);
		return new OwnersDue(all.stream().filter(Looked::due).map(Looked::owner).toList(),
				ended ? Optional.empty() : Optional.of(all.getLast().owner()));
	}

	/**
	 * An owner that the statement looked at.
	 *
	 * @param number of owners up to it
	 */
	record Looked(String owner, boolean due, int number) {
	}

}
