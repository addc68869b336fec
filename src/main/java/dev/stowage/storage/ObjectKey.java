package dev.stowage.storage;

import java.util.regex.Pattern;

/**
 * The name of an object in the bucket: slash-separated segments of letters, digits, dots
 * and dashes, none of them starting with a dot, so that a key is a safe path in every
 * engine. Nothing that a client sends becomes part of a key.
 */
public record ObjectKey(String value) {

	private static final Pattern SAFE = Pattern.compile("[0-9A-Za-z-][0-9A-Za-z.-]*(/[0-9A-Za-z-][0-9A-Za-z.-]*)*");

	private static final int MAX_LENGTH = 200;

	/**
	 * The key of the object that says to which database the bucket belongs. It is under
	 * {@code files/}, which every policy allows and no life-cycle rule may clean.
	 */
	public static final ObjectKey IDENTITY = new ObjectKey("files/identity");

	/**
	 * How the last part of a key begins whose object the start needs only for a moment. A
	 * start that is killed leaves it.
	 */
	public static final String PROBE = "probe-";

	public ObjectKey {
		if (value.length() > MAX_LENGTH || !SAFE.matcher(value).matches()) {
			throw new IllegalArgumentException("Not a valid object key");
		}
	}

	@Override
	public String toString() {
		return this.value;
	}

}
