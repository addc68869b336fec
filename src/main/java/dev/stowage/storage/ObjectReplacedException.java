package dev.stowage.storage;

/** An object was replaced or removed while it was read. */
public class ObjectReplacedException extends ObjectStoreException {

	public ObjectReplacedException(ObjectKey key) {
		super(key + " was replaced or removed while it was read", null);
	}

}
