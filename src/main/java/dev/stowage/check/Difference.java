package dev.stowage.check;

/**
 * One difference between the rows and the store.
 *
 * @param kind what differs
 * @param text names the file or the key, and gives the details, in printable characters
 * @param isRepaired whether it exists no longer, because it was removed or corrected
 */
public record Difference(Kind kind, String text, boolean isRepaired) {

	/** What may differ. */
	public enum Kind {

		/** An available file whose object is missing. */
		NO_OBJECT("no object"),

		/** An available file whose object has another length. */
		WRONG_SIZE("wrong size"),

		/** An available file whose bytes have another checksum. */
		WRONG_BYTES("wrong bytes"),

		/** A part of an upload that has arrived and is missing. */
		NO_PART("no part"),

		/** An object that no row names. */
		NO_ROW("no row"),

		/** An object that Stowage cannot have written. */
		FOREIGN("foreign"),

		/** A multipart upload that no row names. */
		OPEN_UPLOAD("open upload"),

		/** A row that the sweeper should have removed long ago. */
		OVERDUE("overdue"),

		/** An owner for whom something else is counted than its rows say. */
		WRONG_USAGE("wrong usage"),

		/** The store holds no identity. */
		NO_IDENTITY("no identity");

		private final String words;

		Kind(String words) {
			this.words = words;
		}

		@Override
		public String toString() {
			return this.words;
		}

	}
}
