package dev.stowage.storage;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Some objects of a listing, in the order of their keys.
 *
 * @param objects none or more, at most as many as were asked for
 * @param next the key after which the listing continues; empty: this page is the last
 */
public record ObjectPage(List<Listed> objects, Optional<String> next) {

	/**
	 * An object in a listing.
	 *
	 * @param key the store's text, which need not be a valid {@link ObjectKey}
	 * @param size its length in bytes
	 * @param modified when it was written, by the store's clock
	 */
	public record Listed(String key, long size, Instant modified) {
	}

}
