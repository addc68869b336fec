package dev.stowage.storage;

import java.util.List;
import java.util.Optional;

/**
 * An object that is made by several calls of {@link ObjectStore#append}, as its owner
 * remembers it in between. Nothing is visible under its key before
 * {@link ObjectStore#finish}.
 *
 * @param key what it will be named
 * @param upload the engine's id of its multipart upload; empty until one has begun
 * @param parts how many parts of that upload the owner knows to be stored
 */
public record GrowingObject(ObjectKey key, Optional<String> upload, int parts) {

	/** Before the first call. */
	public static GrowingObject named(ObjectKey key) {
		return new GrowingObject(key, Optional.empty(), 0);
	}

	/**
	 * A part of a growing object that the store has.
	 *
	 * @param number its place in the object, from 1
	 * @param etag the store's opaque tag for exactly these bytes
	 * @param checksum of its bytes
	 */
	public record StoredPart(int number, String etag, Checksum checksum) {
	}

	/**
	 * What the owner of a growing object remembers while bytes are appended to it. If a
	 * method throws, the call of {@link ObjectStore#append} ends with that exception, and
	 * what was reported before it counts.
	 */
	public interface Log {

		/**
		 * Remembers the multipart upload that has begun, before its first part is sent.
		 * @param upload the engine's id
		 */
		void begun(String upload);

		/**
		 * Remembers parts that are in the store. They are reported in the order of the
		 * bytes and without gaps, by any thread, but never by two at the same time.
		 */
		void stored(List<StoredPart> parts);

		/**
		 * Whether the bytes that came are the last of the object. Asked once, after the
		 * stream has ended.
		 */
		boolean isEnd();

		/**
		 * Names a key for the bytes after the last part, before they are written there:
		 * these are too few for a part, or the whole object. Asked at most once, after
		 * {@link #isEnd()}.
		 */
		ObjectKey nameRest();

		/** Remembers the bytes that are now under that key. */
		void kept(Checksum rest);

	}

}
