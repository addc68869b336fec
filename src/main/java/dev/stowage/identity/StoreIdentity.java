package dev.stowage.identity;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The identity that a database and its store share.
 *
 * @param id permanent, and the same in every copy of the database
 * @param word replaced from time to time, so that a copy of the database falls behind
 */
record StoreIdentity(String id, String word) {

	private static final Pattern TEXT = Pattern.compile("stowage ([0-9a-f]{32}) ([0-9a-f]{32})\\s*");

	/** Longer than any valid text. */
	static final int MAX_LENGTH = 200;

	static StoreIdentity fresh() {
		return new StoreIdentity(newWord(), newWord());
	}

	static String newWord() {
		byte[] bytes = new byte[16];
		new SecureRandom().nextBytes(bytes);
		return HexFormat.of().formatHex(bytes);
	}

	/** The text that the store holds. */
	String text() {
		return "stowage " + this.id + " " + this.word + "\n";
	}

	/** Parses a text; empty if it is not an identity. */
	static Optional<StoreIdentity> parse(String text) {
		Matcher matcher = TEXT.matcher(text);
		return matcher.matches() ? Optional.of(new StoreIdentity(matcher.group(1), matcher.group(2)))
				: Optional.empty();
	}

}
