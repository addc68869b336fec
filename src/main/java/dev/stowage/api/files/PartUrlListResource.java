package dev.stowage.api.files;

import java.util.List;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.stowage.upload.parts.PartUrls;

/** Where to PUT some parts of a file. */
record PartUrlListResource(String object, List<PartUrlResource> data, @JsonProperty("has_more") boolean hasMore) {

	static PartUrlListResource of(PartUrls urls) {
		return new PartUrlListResource("list", urls.urls().stream().map(PartUrlResource::of).toList(), urls.hasMore());
	}

}
