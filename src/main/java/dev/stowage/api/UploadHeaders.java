package dev.stowage.api;

import java.util.Collections;
import java.util.List;

import dev.stowage.http.fields.UploadComplete;
import dev.stowage.http.path.RequestPath;
import dev.stowage.upload.append.AppendException;
import dev.stowage.upload.append.AppendedUpload;
import dev.stowage.upload.pending.UploadId;
import jakarta.servlet.http.HttpServletRequest;

import org.springframework.http.HttpHeaders;

/** The headers that both protocols of uploads that continue have in common. */
public final class UploadHeaders {

	public static final String OFFSET = "Upload-Offset";

	public static final String LENGTH = "Upload-Length";

	public static final String COMPLETE = UploadComplete.HEADER;

	public static final String FILE_ID = "Stowage-File-Id";

	private UploadHeaders() {
	}

	/** The lines of a header of a request. */
	public static List<String> lines(HttpServletRequest request, String name) {
		return Collections.list(request.getHeaders(name));
	}

	/** Where an upload continues. */
	public static String location(UploadId id) {
		return "/v1/uploads/" + id;
	}

	/** The id in a path. A malformed id is treated as the id of a missing upload. */
	public static UploadId id(String segment) {
		return UploadId.parse(segment).orElseThrow(() -> new AppendException.NotFound(RequestPath.text(segment)));
	}

	/** Says where an upload ends, and which file it became, if it did. */
	public static HttpHeaders of(AppendedUpload upload) {
		HttpHeaders headers = new HttpHeaders();
		headers.set(OFFSET, String.valueOf(upload.offset()));
		upload.file().ifPresent((file) -> {
			headers.set(HttpHeaders.CONTENT_LOCATION, "/v1/files/" + file.id());
			headers.set(FILE_ID, file.id().value());
		});
		return headers;
	}

}
