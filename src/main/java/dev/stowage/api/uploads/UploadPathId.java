package dev.stowage.api.uploads;

import dev.stowage.http.path.RequestPath;
import dev.stowage.upload.parts.UploadException;
import dev.stowage.upload.pending.UploadId;

/** The id in a path. A malformed id is treated as the id of a missing upload. */
final class UploadPathId {

	private UploadPathId() {
	}

	static UploadId parse(String id) {
		return UploadId.parse(id).orElseThrow(() -> new UploadException.NotFound(RequestPath.text(id)));
	}

}
