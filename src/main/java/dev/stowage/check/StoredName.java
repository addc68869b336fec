package dev.stowage.check;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.stowage.file.FileId;
import dev.stowage.file.ObjectKeys;
import dev.stowage.storage.ObjectKey;

/**
 * A key of the store that belongs to a file.
 *
 * @param key as the store lists it
 * @param id of the file
 * @param number of the part or of the copy; empty: neither
 * @param isHalf whether the engine wrote it while it received the object
 */
record StoredName(ObjectKey key, FileId id, OptionalInt number, boolean isHalf) {

	/** Some engines list what a killed process has written under such a name. */
	private static final Pattern OURS = Pattern.compile("(?:files|staging)/(file-[0-9A-Za-z]{24,64})"
			+ "(?:\\.([1-9][0-9]{0,8}))?(-\\p{XDigit}{8}(?:-\\p{XDigit}{4}){3}-\\p{XDigit}{12})?");

	/** Parses a key; empty if Stowage cannot have written it. */
	static Optional<StoredName> parse(String key) {
		Matcher matcher = OURS.matcher(key);
		if (!matcher.matches()) {
			return Optional.empty();
		}
		String number = matcher.group(2);
		return Optional.of(new StoredName(new ObjectKey(key), new FileId(matcher.group(1)),
				(number == null) ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(number)),
				matcher.group(3) != null));
	}

	boolean isStaged() {
		return this.key.value().startsWith(ObjectKeys.STAGING);
	}

}
