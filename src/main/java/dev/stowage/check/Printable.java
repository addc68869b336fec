package dev.stowage.check;

/** Makes texts of others safe to print. */
public final class Printable {

	private Printable() {
	}

	/** The text on one line, without what a terminal would obey. */
	public static String text(String text) {
		return text.replaceAll("[\\p{Cntrl}\\p{Cf}\\u2028\\u2029]", "?");
	}

}
