package dev.stowage.api.files;

import java.net.URI;
import java.util.Map;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.stowage.upload.UploadGrant;

/**
 * Where to PUT the bytes of a pre-signed upload, for how many seconds, and which headers
 * must be sent with them.
 */
record GrantResource(String id, String object, long created, @JsonProperty("upload_url") URI uploadUrl,
		@JsonProperty("expires_in") long expiresIn,
		@JsonProperty("upload_headers") @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, String> uploadHeaders) {

	static GrantResource of(UploadGrant grant) {
		return new GrantResource(grant.file().id().value(), "file.upload", grant.file().createdAt().getEpochSecond(),
				grant.put().url(), grant.put().validity().toSeconds(), grant.put().headers());
	}

	@Override
	public String toString() {
		return "GrantResource[" + this.id + "]";
	}

}
