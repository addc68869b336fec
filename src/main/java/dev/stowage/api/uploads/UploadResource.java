package dev.stowage.api.uploads;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.stowage.api.FileResource;
import dev.stowage.http.audit.Identified;
import dev.stowage.upload.parts.Upload;
import org.jspecify.annotations.Nullable;

/** The upload object, with its file once it is completed. */
record UploadResource(String id, String object, long bytes, @JsonProperty("created_at") long createdAt, String filename,
		String purpose, String status, @JsonProperty("expires_at") long expiresAt,
		@JsonInclude(JsonInclude.Include.NON_NULL) @Nullable FileResource file) implements Identified {

	static UploadResource of(Upload upload) {
		return new UploadResource(upload.id().value(), "upload", upload.bytes(), upload.createdAt().getEpochSecond(),
				upload.name().value(), upload.purpose().wireName(), upload.status().wireName(),
				upload.expiresAt().getEpochSecond(), upload.file().map(FileResource::of).orElse(null));
	}

}
