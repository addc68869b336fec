package dev.stowage.api.files;

import dev.stowage.api.FileListShape;
import dev.stowage.api.FileResource;
import dev.stowage.file.StoredFile;
import tools.jackson.core.JsonGenerator;

/** OpenAI's list. */
final class FileList implements FileListShape {

	@Override
	public void begin(JsonGenerator object) {
		object.writeStringProperty("object", "list");
	}

	@Override
	public Object item(StoredFile file) {
		return FileResource.of(file);
	}

}
