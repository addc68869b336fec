package dev.stowage.identity;

/** The result of a comparison of a database with its store. */
public enum BindingVerdict {

	/** Both hold the same identity. */
	OURS(""),

	/**
	 * Neither holds an identity, and the store has the files that the database lists, if
	 * any.
	 */
	NEW(""),

	/** Not compared yet. */
	UNKNOWN("The store's identity could not be compared."),

	/** Another id. */
	OTHERS("The store belongs to another database than this one."),

	/** This database's id, with a word that it never had or has replaced. */
	NEWER("The store was used with a later state of this database, so this database was restored or is a copy."),

	/** No identity, where there was one. */
	LOST("The store does not hold the identity that this database gave it. It was emptied, or is another store."),

	/** No identity and no files. */
	EMPTY("The store holds no identity, and none of the files that this database lists.");

	private final String text;

	BindingVerdict(String text) {
		this.text = text;
	}

	/** A message for the operator; empty if the identities match. */
	public String text() {
		return this.text;
	}

}
