package dev.stowage.identity;

/** What a comparison of a database with its store says. */
enum BindingVerdict {

	/** They know each other. */
	OURS(""),

	/** Neither knows of anything, or the store has what the database lists. */
	NEW(""),

	/** Not compared yet. */
	UNKNOWN("The store's identity could not be compared."),

	/** Another id. */
	OTHERS("The store belongs to another database than this one."),

	/** Our id, and a word that this database never had, or has replaced. */
	NEWER("The store was used with a later state of this database, so this one was restored, or is a copy."),

	/** No identity, where there was one. */
	LOST("The store does not hold the identity that this database gave it: it was emptied, or is another one."),

	/** No identity and no files. */
	EMPTY("The store holds no identity, and none of the files that this database lists.");

	private final String text;

	BindingVerdict(String text) {
		this.text = text;
	}

	/** For an operator; empty where all is well. */
	String text() {
		return this.text;
	}

}
