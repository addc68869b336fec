package dev.stowage.keys;

/**
 * A key that was made just now.
 *
 * @param key what is kept of it
 * @param text what opens the server; it cannot be shown again
 */
public record NewKey(ManagedKey key, String text) {

	/** Reveals nothing secret. */
	@Override
	public String toString() {
		return "NewKey[" + this.key.id() + "]";
	}

}
