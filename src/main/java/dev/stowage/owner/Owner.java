package dev.stowage.owner;

import java.util.regex.Pattern;

/** The owner of files; sees only its own. */
public record Owner(String name) {

	private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._@-]{1,64}");

	public Owner {
		if (!NAME.matcher(name).matches()) {
			throw new IllegalArgumentException(
					"An owner's name is 1 to 64 letters, digits, dots, dashes, underscores or @");
		}
	}

}
