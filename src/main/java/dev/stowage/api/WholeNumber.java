package dev.stowage.api;

import java.util.regex.Pattern;

/** A number in a request: plain digits, within bounds. */
public final class WholeNumber {

	private static final Pattern DIGITS = Pattern.compile("[1-9][0-9]{0,8}");

	private WholeNumber() {
	}

	/**
	 * Reads one.
	 * @throws RequestException that names the parameter and its bounds
	 */
	public static int parse(String param, String text, int min, int max) {
		if (DIGITS.matcher(text).matches()) {
			int number = Integer.parseInt(text);
			if (number >= min && number <= max) {
				return number;
			}
		}
		throw RequestException.invalid(param,
				"'" + param + "' must be a whole number from " + min + " to " + max + ".");
	}

}
