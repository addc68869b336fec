package dev.stowage.file;

import dev.stowage.storage.ObjectKey;

/**
 * The keys that a file's row names: all are derived from its id, so that every object in
 * the bucket is named by a row before it exists.
 */
public final class ObjectKeys {

	/** The prefix of every key that a signed URL lets a client write. */
	public static final String STAGING = "staging/";

	private ObjectKeys() {
	}

	/** The key of an upload through the server. */
	public static ObjectKey upload(FileId id) {
		return new ObjectKey("files/" + id);
	}

	/** The key to which a pre-signed URL lets a client write. */
	public static ObjectKey staging(FileId id) {
		return new ObjectKey(STAGING + id);
	}

	/** The key of the {@code number}-th part of an upload in parts, from 1. */
	public static ObjectKey part(FileId id, int number) {
		return new ObjectKey(parts(id) + number);
	}

	/** How the keys of all parts of an upload begin. */
	public static String parts(FileId id) {
		return STAGING + id + ".";
	}

	/** How the keys of all copies of a file begin. */
	public static String copies(FileId id) {
		return "files/" + id + ".";
	}

	/**
	 * The key of the copy that the {@code number}-th attempt to complete makes, from 1.
	 */
	public static ObjectKey copy(FileId id, int number) {
		return new ObjectKey(copies(id) + number);
	}

}
