package dev.stowage.api.anthropic;

import dev.stowage.api.FileListShape;
import dev.stowage.file.StoredFile;

/** A list as it was before the API was generally available: it names both its ends. */
final class BetaList implements FileListShape {

	@Override
	public Object item(StoredFile file) {
		return FileMetadata.of(file);
	}

}
