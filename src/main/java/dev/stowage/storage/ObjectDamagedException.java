package dev.stowage.storage;

/**
 * An object exists but has the wrong length, or a growing one has lost its parts.
 */
public class ObjectDamagedException extends RuntimeException {

	public ObjectDamagedException(ObjectKey key, String found) {
		super(key + " has " + found);
	}

}
