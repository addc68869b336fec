package dev.stowage.api.files;

import dev.stowage.file.FileId;

/** Says that a file is gone. */
record DeletedResource(String id, String object, boolean deleted) {

	static DeletedResource of(FileId id) {
		return new DeletedResource(id.value(), "file", true);
	}

}
