package dev.stowage.api.anthropic;

import java.time.Instant;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.stowage.file.StoredFile;
import dev.stowage.http.audit.Identified;
import org.jspecify.annotations.Nullable;

/** A file as this family sees it. Times are RFC 3339, to the second. */
record FileMetadata(String id, String type, String filename, @JsonProperty("mime_type") String mimeType,
		@JsonProperty("size_bytes") long sizeBytes, @JsonProperty("created_at") String createdAt, boolean downloadable,
		@JsonProperty("expires_at") @Nullable String expiresAt) implements Identified {

	static FileMetadata of(StoredFile file) {
		return new FileMetadata(file.id().value(), "file", file.name().value(), file.contentType(), file.bytes(),
				file.createdAt().toString(), true, file.expiresAt().map(Instant::toString).orElse(null));
	}

}
