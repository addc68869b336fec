package dev.stowage.api.uploads;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.stowage.upload.parts.UploadPart;

/** The part object. */
record PartResource(String id, String object, long bytes, @JsonProperty("created_at") long createdAt,
		@JsonProperty("upload_id") String uploadId) {

	static PartResource of(UploadPart part) {
		return new PartResource(part.id().value(), "upload.part", part.bytes(), part.createdAt().getEpochSecond(),
				part.upload().value());
	}

}
