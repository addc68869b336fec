package dev.stowage.storage;

/** An object exists but has the wrong length. */
public class ObjectDamagedException extends RuntimeException {

	public ObjectDamagedException(ObjectKey key, String found) {
		super(key + " has " + found);
	}

}
