package dev.stowage.api;

import java.net.URI;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.stowage.upload.UploadGrant;

/** Where to PUT the bytes of a pre-signed upload, and for how many seconds. */
record UploadResource(String id, String object, long created, @JsonProperty("upload_url") URI uploadUrl,
		@JsonProperty("expires_in") long expiresIn) {

	static UploadResource of(UploadGrant grant) {
		return new UploadResource(grant.file().id().value(), "file.upload", grant.file().createdAt().getEpochSecond(),
				grant.put().url(), grant.put().validity().toSeconds());
	}

	@Override
	public String toString() {
		return "UploadResource[" + this.id + "]";
	}

}
