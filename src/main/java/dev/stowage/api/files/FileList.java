package dev.stowage.api.files;

import java.util.Optional;

import dev.stowage.api.FileListShape;
import dev.stowage.api.FileResource;
import dev.stowage.file.FileId;
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

	@Override
	public void end(JsonGenerator object, Optional<FileId> first, Optional<FileId> last, boolean more) {
		FileListShape.writeEnds(object, first, last, more);
	}

}
