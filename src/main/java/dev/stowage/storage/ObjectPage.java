package dev.stowage.storage;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Some objects of a listing, in the order of their keys.
 *
 * @param objects none or more, at most as many as were asked for
 * @param next behind which key the listing goes on; empty: this is its end
 */
public record ObjectPage(List<Listed> objects, Optional<String> next) {

	/**
	 * An object as a listing names it.
	 *
	 * @param key as the store spells it, which need not be one of ours
	 * @param modified when it was written, by the store's clock
	 */
	public record Listed(String key, Instant modified) {
	}

}
