package dev.stowage.api;

import dev.stowage.file.FileException;
import dev.stowage.file.FileId;
import dev.stowage.http.path.RequestPath;

/** The id in a path. A malformed id is treated as the id of a missing file. */
public final class PathId {

	private PathId() {
	}

	public static FileId parse(String id) {
		return FileId.parse(id).orElseThrow(() -> new FileException.NotFound(RequestPath.text(id)));
	}

}
