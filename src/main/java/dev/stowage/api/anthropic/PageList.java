package dev.stowage.api.anthropic;

import java.util.Optional;

import dev.stowage.api.FileListShape;
import dev.stowage.file.FileId;
import dev.stowage.file.StoredFile;
import tools.jackson.core.JsonGenerator;

/** A list that names its next page. */
final class PageList implements FileListShape {

	@Override
	public Object item(StoredFile file) {
		return FileMetadata.of(file);
	}

	/** A page is named by the last file of the page before it. */
	@Override
	public void end(JsonGenerator object, Optional<FileId> first, Optional<FileId> last, boolean more) {
		FileListShape.writeId(object, "next_page", more ? last : Optional.empty());
	}

}
