package dev.stowage.api;

import dev.stowage.file.StoredFile;

/**
 * Whose words an answer uses where clients of both families ask the same route: those of
 * the family that created the file.
 */
public enum Dialect {

	/** OpenAI's, for files that were uploaded as forms. */
	OPENAI("processed"),

	/** Of the flow with upload URLs, which also downloads by URL. */
	UPLOAD_URL("completed");

	private final String available;

	Dialect(String available) {
		this.available = available;
	}

	public static Dialect of(StoredFile file) {
		return file.method().isPresigned() ? UPLOAD_URL : OPENAI;
	}

	/** The status of a file that has content. */
	public String available() {
		return this.available;
	}

}
