package dev.stowage.json;

/**
 * Where a file is not valid JSON, counted from 1 in lines and characters, and why.
 */
public final class InvalidJsonException extends Exception {

	private final long line;

	private final long column;

	private final String reason;

	InvalidJsonException(long line, long column, String reason) {
		super("line " + line + ", column " + column + ": " + reason);
		this.line = line;
		this.column = column;
		this.reason = reason;
	}

	/**
	 * Names what was found, -1 for the end, and echoes it only where it is a visible
	 * ASCII character.
	 */
	static String reason(String expected, int found) {
		return switch (found) {
			case -1 -> "unexpected end of input";
			case 0xFEFF -> "byte order mark is not allowed";
			default -> "expected %s but found %s".formatted(expected, describe(found));
		};
	}

	private static String describe(int codePoint) {
		if (codePoint < ' ' || codePoint > '~') {
			return "U+%04X".formatted(codePoint);
		}
		return (codePoint == '\'') ? "\"'\"" : "'" + (char) codePoint + "'";
	}

	long line() {
		return this.line;
	}

	long column() {
		return this.column;
	}

	String reason() {
		return this.reason;
	}

}
