package dev.stowage.api.files;

import dev.stowage.file.FileId;
import dev.stowage.http.audit.Identified;

/** Says that a file is gone. */
record DeletedResource(String id, String object, boolean deleted) implements Identified {

	static DeletedResource of(FileId id) {
		return new DeletedResource(id.value(), "file", true);
	}

}
