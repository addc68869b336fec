package dev.stowage.api.anthropic;

import dev.stowage.http.audit.Identified;

/** What is left to say of a file that was deleted. */
record DeletedFile(String id, String type) implements Identified {

	static DeletedFile of(String id) {
		return new DeletedFile(id, "file_deleted");
	}

}
