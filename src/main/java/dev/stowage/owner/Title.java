package dev.stowage.owner;

/** What people call a project or a key. */
public final class Title {

	private static final int MAX_LENGTH = 200;

	private Title() {
	}

	/**
	 * The same text.
	 * @throws IllegalArgumentException when it is blank, too long, or has control
	 * characters
	 */
	public static String require(String text) {
		if (text.isBlank() || text.length() > MAX_LENGTH || text.chars().anyMatch(Character::isISOControl)) {
			throw new IllegalArgumentException(
					"A name has 1 to " + MAX_LENGTH + " characters, and no control characters");
		}
		return text;
	}

}
