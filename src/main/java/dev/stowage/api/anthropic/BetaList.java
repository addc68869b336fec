package dev.stowage.api.anthropic;

import java.util.Optional;

import dev.stowage.api.FileListShape;
import dev.stowage.file.FileId;
import dev.stowage.file.StoredFile;
import tools.jackson.core.JsonGenerator;

/** A list as it was before the API was generally available: it names both its ends. */
final class BetaList implements FileListShape {

	@Override
	public Object item(StoredFile file) {
		return FileMetadata.of(file);
	}

	@Override
	public void end(JsonGenerator object, Optional<FileId> first, Optional<FileId> last, boolean more) {
		FileListShape.writeEnds(object, first, last, more);
	}

}
