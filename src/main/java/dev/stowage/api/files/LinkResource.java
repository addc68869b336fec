package dev.stowage.api.files;

import java.net.URI;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.stowage.file.StoredFile;
import dev.stowage.http.audit.Identified;
import dev.stowage.storage.SignedRequest;

/** Where to GET a file's bytes without a key, and for how many seconds. */
record LinkResource(String id, String object, long created, String filename, long bytes,
		@JsonProperty("download_url") URI downloadUrl,
		@JsonProperty("expires_in") long expiresIn) implements Identified {

	static LinkResource of(StoredFile file, SignedRequest get) {
		return new LinkResource(file.id().value(), "file", file.createdAt().getEpochSecond(), file.name().value(),
				file.bytes(), get.url(), get.validity().toSeconds());
	}

	@Override
	public String toString() {
		return "LinkResource[" + this.id + "]";
	}

}
