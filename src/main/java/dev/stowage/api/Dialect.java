package dev.stowage.api;

import dev.stowage.file.StoredFile;
import dev.stowage.file.UploadMethod;

/**
 * Whose words an answer uses where clients of both families ask the same route: those of
 * the family that created the file.
 */
enum Dialect {

	/** OpenAI's, for files that were uploaded as forms. */
	OPENAI("processed", ContentChoice.BYTES),

	/** Of the flow with upload URLs, which also downloads by URL. */
	UPLOAD_URL("completed", ContentChoice.LINK);

	private final String available;

	private final ContentChoice content;

	Dialect(String available, ContentChoice content) {
		this.available = available;
		this.content = content;
	}

	static Dialect of(StoredFile file) {
		return (file.method() == UploadMethod.PRESIGNED) ? UPLOAD_URL : OPENAI;
	}

	/** The status of a file that has content. */
	String available() {
		return this.available;
	}

	/** What a request for content gets that does not say what it wants. */
	ContentChoice content() {
		return this.content;
	}

}
