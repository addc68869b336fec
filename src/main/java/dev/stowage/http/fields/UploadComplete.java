package dev.stowage.http.fields;

import java.util.Collections;
import java.util.Optional;

import jakarta.servlet.http.HttpServletRequest;

/**
 * The header with which a request says that its body belongs to a resumable upload, and
 * whether the file ends with it.
 */
public final class UploadComplete {

	public static final String HEADER = "Upload-Complete";

	private UploadComplete() {
	}

	/** What a request says; empty if it has no such header, or a malformed one. */
	public static Optional<Boolean> of(HttpServletRequest request) {
		return StructuredItem.bool(Collections.list(request.getHeaders(HEADER)));
	}

}
