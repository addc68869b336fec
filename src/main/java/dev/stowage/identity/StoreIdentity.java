package dev.stowage.identity;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * By what a database and its store know each other.
 *
 * @param id permanent, and the same in every copy of the database
 * @param word replaced from time to time, so that a copy of the database falls behind
 */
record StoreIdentity(String id, String word) {

	private static final Pattern TEXT = Pattern.compile("stowage ([0-9a-f]{32}) ([0-9a-f]{32})\\s*");

	/** More than a text has. */
	static final int MAX_LENGTH = 200;

	static StoreIdentity fresh() {
		return new StoreIdentity(newWord(), newWord());
	}

	static String newWord() {
		byte[] bytes = new byte[16];
		new SecureRandom().nextBytes(bytes);
		return HexFormat.of().formatHex(bytes);
	}

	/** As the store holds it. */
	String text() {
		return "stowage " + this.id + " " + this.word + "\n";
	}

	/** Empty for what is no such text. */
	static Optional<StoreIdentity> parse(String text) {
		Matcher matcher = TEXT.matcher(text);
		return matcher.matches() ? Optional.of(new StoreIdentity(matcher.group(1), matcher.group(2)))
				: Optional.empty();
	}

}
