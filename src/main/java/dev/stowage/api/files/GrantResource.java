package dev.stowage.api.files;

import java.net.URI;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.stowage.file.StoredFile;
import dev.stowage.http.audit.Identified;
import dev.stowage.storage.SignedRequest;
import dev.stowage.upload.UploadGrant;
import dev.stowage.upload.parts.PartUrls;
import org.jspecify.annotations.Nullable;

/**
 * Where to PUT the bytes of a pre-signed upload, whole or in parts, for how many seconds,
 * and which headers must be sent with them.
 */
record GrantResource(String id, String object, long created,
		@JsonProperty("upload_url") @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable URI uploadUrl,
		@JsonProperty("upload_urls") @JsonInclude(JsonInclude.Include.NON_EMPTY) List<PartUrlResource> uploadUrls,
		@JsonProperty("expires_in") long expiresIn,
		@JsonProperty("upload_headers") @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, String> uploadHeaders)
		implements
			Identified {

	static GrantResource of(UploadGrant grant) {
		return of(grant.file(), grant.put().url(), List.of(), grant.put());
	}

	static GrantResource of(PartUrls grant) {
		return of(grant.file(), null, grant.urls().stream().map(PartUrlResource::of).toList(),
				grant.urls().getFirst().put());
	}

	private static GrantResource of(StoredFile file, @Nullable URI url, List<PartUrlResource> parts,
			SignedRequest put) {
		return new GrantResource(file.id().value(), "file.upload", file.createdAt().getEpochSecond(), url, parts,
				put.validity().toSeconds(), put.headers());
	}

	@Override
	public String toString() {
		return "GrantResource[" + this.id + "]";
	}

}
