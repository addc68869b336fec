package dev.stowage.storage;

/** An object is there, and is not as long as it must be. */
public class ObjectDamagedException extends RuntimeException {

	public ObjectDamagedException(ObjectKey key, String found) {
		super(key + " has " + found);
	}

}
