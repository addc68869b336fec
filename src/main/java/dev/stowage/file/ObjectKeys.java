package dev.stowage.file;

import dev.stowage.storage.ObjectKey;

/**
 * The keys that a file's row names: all are derived from its id, so that every object in
 * the bucket is named by a row before it exists.
 */
public final class ObjectKeys {

	/** What every key begins with that a signed URL lets a client write. */
	public static final String STAGING = "staging/";

	private ObjectKeys() {
	}

	/** Where a multipart upload goes. */
	public static ObjectKey upload(FileId id) {
		return new ObjectKey("files/" + id);
	}

	/** Where a pre-signed URL lets a client write. */
	public static ObjectKey staging(FileId id) {
		return new ObjectKey(STAGING + id);
	}

	/** Where the {@code number}-th attempt to complete, from 1, puts its copy. */
	public static ObjectKey copy(FileId id, int number) {
		return new ObjectKey("files/" + id + "." + number);
	}

}
