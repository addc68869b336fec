package dev.stowage.api.uploads;

import java.util.List;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.stowage.upload.parts.PartPage;
import org.jspecify.annotations.Nullable;

/** A page of the parts of an upload, in the order in which they began. */
record PartListResource(String object, List<PartResource> data, @JsonProperty("has_more") boolean hasMore,
		@JsonProperty("first_id") @Nullable String firstId, @JsonProperty("last_id") @Nullable String lastId) {

	static PartListResource of(PartPage page) {
		List<PartResource> data = page.parts().stream().map(PartResource::of).toList();
		return new PartListResource("list", data, page.hasMore(), data.isEmpty() ? null : data.getFirst().id(),
				data.isEmpty() ? null : data.getLast().id());
	}

}
