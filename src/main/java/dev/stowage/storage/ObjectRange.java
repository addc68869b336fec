package dev.stowage.storage;

import java.util.Optional;

/**
 * A run of bytes of one object.
 *
 * @param key the object's name
 * @param size how many bytes the whole object has
 * @param etag the tag of exactly these bytes; absent for an object that nobody can
 * replace
 * @param offset the first byte, from 0
 * @param length how many bytes, at least 1
 */
public record ObjectRange(ObjectKey key, long size, Optional<String> etag, long offset, long length) {

	public ObjectRange {
		if (offset < 0 || length < 1 || offset > size - length) {
			throw new IllegalArgumentException(
					length + " bytes from " + offset + " are not a part of " + size + " bytes");
		}
	}

	/** All bytes of an object that is not empty, exactly as {@code find} described it. */
	public static ObjectRange of(ObjectInfo object) {
		return new ObjectRange(object.key(), object.size(), Optional.of(object.etag()), 0, object.size());
	}

	/** All bytes of an object that nobody can replace. */
	public static ObjectRange ofUnchanging(ObjectKey key, long size) {
		return new ObjectRange(key, size, Optional.empty(), 0, size);
	}

	/** A run of bytes of this range, which begins {@code offset} bytes after it. */
	public ObjectRange part(long offset, long length) {
		if (offset < 0 || length < 1 || offset > this.length - length) {
			throw new IllegalArgumentException(
					length + " bytes from " + offset + " are not a part of " + this.length + " bytes");
		}
		return new ObjectRange(this.key, this.size, this.etag, this.offset + offset, length);
	}

	/** Whether it is the whole object. */
	public boolean isWhole() {
		return this.length == this.size;
	}

	/** What {@code find} must say of the object; empty if its tag is not known. */
	public Optional<ObjectInfo> object() {
		return this.etag.map((tag) -> new ObjectInfo(this.key, this.size, tag));
	}

}
